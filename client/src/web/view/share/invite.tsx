// How another device is brought in: the address of this page, to be copied or to be read by a camera.

import { useSignal } from '@preact/signals';
import type { PageModel } from '../../model/page-model.ts';
import { isAlone } from '../../text/status-text.ts';
import { CopyButton } from '../copy-button.tsx';
import { QrCode } from '../qr-view.tsx';

/** Hosts that mean another machine on every machine. */
const OWN_MACHINE = /^(localhost|127\.|\[::1\])/;

export function Invite({ model }: { readonly model: PageModel }) {
  const isPressed = useSignal<boolean | undefined>(undefined);
  const address = new URL('.', location.href).href;
  const isShown = isPressed.value ?? isAlone(model.inspection.value);
  return (
    <section class="card invite" id="invite" aria-labelledby="invite-title">
      <h2 id="invite-title">Bring another device in</h2>
      <p class="detail">
        {OWN_MACHINE.test(location.host)
          ? 'This address works on this computer only. The server prints the one for other devices when it starts.'
          : 'Open this address there. The more devices, the safer the files.'}
      </p>
      <div class="id-row">
        <code class="clipped">{address}</code>
        <CopyButton text={address} label="Copy address" />
        <button
          type="button"
          class="small quiet"
          aria-expanded={isShown}
          onClick={() => {
            isPressed.value = !isShown;
          }}
        >
          QR
        </button>
      </div>
      {isShown ? <QrCode text={address} label="QR code of the address of this page" /> : null}
    </section>
  );
}
