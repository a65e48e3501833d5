// The door of a closed ring: asks for its password.

import { doorWords } from '../text/words/en/door.ts';

interface ClosedProps {
  /** Why the last one was none. */
  readonly problem: string | undefined;
  readonly enter: (secret: string) => void;
}

export function ClosedView({ problem, enter }: ClosedProps) {
  const words = doorWords();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = event.target instanceof HTMLFormElement ? new FormData(event.target).get('password') : null;
    if (typeof field === 'string' && field !== '') enter(field);
  };
  return (
    <form class="closed" onSubmit={submit}>
      <p>{words.closed}</p>
      {problem === undefined ? null : (
        <p class="problem" role="alert">
          {words.wrong(problem)}
        </p>
      )}
      <label>
        {words.password}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit">{words.enter}</button>
    </form>
  );
}
