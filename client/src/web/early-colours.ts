// Puts the colours that the user has chosen (colours.ts) on the page before it is drawn, so that a dark page never flashes white:
// a script of its own, which the browser waits for. It imports and exports nothing, because it is no module.

try {
  const colours = localStorage.getItem('tabring-colours');
  if (colours !== null) document.documentElement.dataset.colours = colours;
} catch {
  // Storage is blocked, and nothing has ever been chosen.
}
