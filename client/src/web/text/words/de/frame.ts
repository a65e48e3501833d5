// What stands round all places, in German.

import type { LinkFailure } from '../../../../peer/ports.ts';
import { count } from '../amounts.ts';
import type { FrameWords } from '../en/frame.ts';

const tabs = (number: number): string => count(number, { one: '# Tab', other: '# Tabs' });

const LINK_FAILURES: Readonly<Record<LinkFailure['stage'], string>> = {
  signalling: 'Das Angebot hat niemanden erreicht.',
  'no-answer': 'Der andere Tab hat nicht rechtzeitig geantwortet: Vielleicht ist er geschlossen oder schläft.',
  ice: 'Zwischen den beiden Tabs fand sich kein Weg durch die Netze.',
  dtls: 'Ein Weg durch die Netze fand sich, aber es kam kein Kanal zustande: Vielleicht ist er sehr langsam, oder eine Firewall unterbricht ihn. Es wird noch einmal versucht.',
  'closed-by-peer': 'Der andere Tab hat die Verbindung aufgegeben, bevor sie offen war.',
  proof: 'Die Gegenseite hat nicht bewiesen, dass sie der gesuchte Knoten ist.',
  budget: 'Gerade gibt es zu viele Verbindungen. Sobald Platz ist, wird es noch einmal versucht.',
  webrtc:
    'Dieser Browser lässt keine WebRTC-Verbindungen zu: Erlaube sie in seinen Einstellungen oder Erweiterungen, oder nimm einen anderen Browser.',
};

export const frameWords: FrameWords = {
  places: { share: 'Teilen', open: 'Öffnen', ring: 'Ring', console: 'Konsole' },
  placesLabel: 'Bereiche',
  notIn: 'Nicht im Ring',
  closed: 'Dieser Ring ist geschlossen',
  joining: 'Tritt bei…',
  notYetIn: 'Noch nicht im Ring, versucht es weiter',
  noWayIn: 'Bisher kein Weg in den Ring, versucht es weiter',
  left: 'Hat den Ring verlassen',
  alone: 'Noch allein: Öffne diese Seite auf einem anderen Gerät',
  inRingOfSome: (number) => `Im Ring: mindestens ${tabs(number)}`,
  inRing: (number) => `Im Ring: ${tabs(number)}`,
  inRingOn: (number, devices) =>
    `Im Ring: ${tabs(number)} auf ${count(devices, { one: '# Gerät', other: '# Geräten' })}`,
  linkFailure: (stage) => LINK_FAILURES[stage],
  storing: 'Noch nicht schließen: Dateien sind unterwegs',
  startingJoin: 'Tritt dem Ring bei…',
  startingOpen: 'Sucht andere, die die Datei haben…',
  placeLoading: 'Einen Moment…',
  placeMissing: 'Das kann noch nicht gezeigt werden: Es ließ sich nicht laden. Versucht es weiter…',
};
