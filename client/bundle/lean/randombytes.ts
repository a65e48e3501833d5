// Random bytes, of which simple-peer takes the hexadecimal form for its names.

const randomBytes = (count: number) => {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return { toString: () => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
};

// For `require`: the module is the function.
export { randomBytes as 'module.exports' };
