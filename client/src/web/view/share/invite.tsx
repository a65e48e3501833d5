// How another device is brought in: the address of this page, to be copied or to be read by a camera.

import { useSignal } from '@preact/signals';
import type { PageModel } from '../../model/page-model.ts';
import { isOwnMachine } from '../../text/own-machine.ts';
import { isAlone } from '../../text/status-text.ts';
import { ownWords } from '../../text/words/en/own.ts';
import { CopyButton } from '../copy-button.tsx';
import { QrCode } from '../qr-view.tsx';

export function Invite({ model }: { readonly model: PageModel }) {
  const words = ownWords();
  const isPressed = useSignal<boolean | undefined>(undefined);
  const address = new URL('.', location.href).href;
  const isShown = isPressed.value ?? isAlone(model.inspection.value);
  return (
    <section class="card invite" id="invite" aria-labelledby="invite-title">
      <h2 id="invite-title">{words.invite}</h2>
      <p class="detail">{isOwnMachine(location.host) ? words.inviteOwnMachine : words.inviteHow}</p>
      <div class="id-row">
        <code class="clipped">{address}</code>
        <CopyButton text={address} label={words.copyAddress} />
        <button
          type="button"
          class="small quiet"
          aria-expanded={isShown}
          onClick={() => {
            isPressed.value = !isShown;
          }}
        >
          {words.qr}
        </button>
      </div>
      {isShown ? <QrCode text={address} label={words.addressQr} /> : null}
    </section>
  );
}
