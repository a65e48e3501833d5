// Empties methods of a library's class that nobody here calls, which a bundler cannot leave out by itself.

import type { Rollup } from 'vite';

/**
 * `indent`: of the class's methods. A method that is not there is an error, so that a newer version of the library is looked at
 * again.
 */
export function withoutMethods(
  context: Rollup.PluginContext,
  code: string,
  names: readonly string[],
  indent: string,
): string {
  let lean = code;
  for (const name of names) {
    const method = new RegExp(`^${indent}((?:get )?${name} ?\\([^\\n]*\\) \\{)$[^]*?^${indent}\\}$`, 'm');
    if (!method.test(lean)) context.error(`there is no ${name} any more: take its removal out`);
    lean = lean.replace(method, `${indent}$1}`);
  }
  return lean;
}
