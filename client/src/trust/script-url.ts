// Addresses of workers' scripts, vouched for where the browser wants that (Trusted Types; signaling/security-headers.ts).

interface ScriptPolicies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** `url` is one of the page's own; `policy` names what it is for, to whoever reads a browser's report. */
export function scriptUrl(url: string, policy: string): string {
  const policies: unknown = Reflect.get(globalThis, 'trustedTypes');
  if (!isScriptPolicies(policies)) return url;
  return policies.createPolicy(policy, { createScriptURL: () => url }).createScriptURL(url);
}

function isScriptPolicies(value: unknown): value is ScriptPolicies {
  return typeof value === 'object' && value !== null && 'createPolicy' in value;
}
