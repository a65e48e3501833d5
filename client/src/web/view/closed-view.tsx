// The door of a closed ring: asks for its password.

interface ClosedProps {
  /** Why the last one was none. */
  readonly problem: string | undefined;
  readonly enter: (secret: string) => void;
}

export function ClosedView({ problem, enter }: ClosedProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = event.target instanceof HTMLFormElement ? new FormData(event.target).get('password') : null;
    if (typeof field === 'string' && field !== '') enter(field);
  };
  return (
    <form class="closed" onSubmit={submit}>
      <p>This ring is closed. Its password opens it, or the link of an invitation: ask who runs it.</p>
      {problem === undefined ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <label>
        Password, or the invitation’s link
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit">Enter</button>
    </form>
  );
}
