// An attack that goes on, at its own pace.

/** Goes on with `attack` as long as `isOn` says so: each time after the event loop has served the honest. */
export async function keepOn(attack: () => void, isOn: () => boolean, everyMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => {
      try {
        if (isOn()) return attack();
      } catch (error) {
        reject(error);
      }
      clearInterval(timer);
      resolve();
    }, everyMs);
  });
}
