// What stands in the way of this tab, what goes wrong, and what its user should know, in German.

import type { PeerErrorCode } from '../../../../peer/errors.ts';
import { count } from '../amounts.ts';
import type { TroubleWords } from '../en/trouble.ts';

/** What happened and what to do. */
const ERRORS: Readonly<Record<PeerErrorCode, string>> = {
  'bad-id':
    'Das ist kein Schlüssel dieses Rings: Gib Ziffern 0-9 und Buchstaben a-f ein, nicht mehr, als seine Ids haben.',
  'bad-link': 'Dieser Link ist nicht vollständig: Kopiere ihn noch einmal ganz.',
  'bad-name': 'Unter diesem Namen lässt sich die Datei nicht öffentlich teilen: Gib ihr einen anderen.',
  'bad-time':
    'So lange lässt sich hier nichts teilen: Wähle eine Zeit von einer Minute bis zu der, für die der Ring etwas aufhebt.',
  'not-found': 'Kein offener Tab hat diese Datei. Vielleicht ist ihre Zeit abgelaufen, oder sie wurde gelöscht.',
  'not-owner': 'Diese Datei wurde nicht von hier aus geteilt, oder der Schlüssel dazu fehlt.',
  corrupt: 'Jede Kopie, die gefunden wurde, ist beschädigt.',
  'wrong-key': 'Der Schlüssel im Link passt nicht zu dieser Datei: Kopiere den ganzen Link noch einmal.',
  'timed-out': 'Niemand hat rechtzeitig geantwortet: Versuch es noch einmal.',
  full: 'Es ist kein Platz mehr da: Gib etwas frei, oder versuch es später noch einmal.',
  'too-large': 'Das ist größer, als dieser Ring annimmt.',
  left: 'Dieser Tab hat den Ring verlassen: Lade die Seite neu, um wieder beizutreten.',
  'not-active': 'Dieser Tab tritt noch bei und hat noch niemanden erreicht: Versuch es noch einmal.',
  storage:
    'Es ließ sich nicht lesen oder speichern: Vielleicht wurde die Datei geändert, oder der Browser verbietet es.',
  'discovery-unreachable': 'Der Discovery-Knoten ist nicht zu erreichen.',
  'ring-key-changed': 'Der Discovery-Knoten weist sich mit einem anderen Schlüssel aus als bei deinem ersten Besuch.',
  'ring-closed': 'Dieser Ring ist geschlossen: Sein Passwort oder eine Einladung öffnet ihn. Frag, wer ihn betreibt.',
  aborted: 'Abgebrochen.',
};

export const troubleWords: TroubleWords = {
  disk: {
    cleared: (number) =>
      `Was hier gespeichert war, wurde gelöscht: ${count(number, { one: '# Block ist', other: '# Blöcke sind' })} weg. Die anderen machen neue Kopien von dem, was sie haben.`,
    failing: (number) =>
      `Der Speicher hier lässt sich nicht lesen: ${count(number, { one: '# Block zählt', other: '# Blöcke zählen' })} nicht mehr, und nichts Neues wird aufbewahrt.`,
    ok: () => 'Der Speicher hier lässt sich wieder lesen.',
  },
  standings: {
    registered: () => 'Beim Discovery-Knoten angemeldet',
    away: () => 'Discovery-Knoten nicht da: Der Ring läuft ohne ihn weiter',
    refused: (why) => `Der Discovery-Knoten meldet diesen Tab gerade nicht an${why}`,
    expired: () =>
      'Discovery-Knoten so lange nicht da, dass das Zertifikat dieses Tabs abgelaufen ist: Der Ring läuft weiter, aber Tabs, die den Discovery-Knoten erreichen, lehnen diesen ab, bis er es auch kann',
    removed: (why) => `Vom Discovery-Knoten entfernt${why}`,
    displaced: () => 'Angehalten: Die Identität dieses Tabs ist in einem anderen Tab offen, der mit ihr weitermacht',
  },
  refusals: {
    'id-taken':
      'Ein anderer Tab hat jetzt die Id dieses Tabs. Dieser hier macht im Ring weiter und fragt wieder; wenn der andere auch deiner ist, schließ einen von beiden',
    'ring-key-changed':
      'Er weist sich mit einem anderen Schlüssel aus als vorher, wurde also neu aufgesetzt, oder etwas anderes antwortet an seiner Stelle. Dieser Tab macht in seinem Ring weiter; lade die Seite neu, um den neuen Schlüssel zu sehen',
    'ring-closed':
      'Das Passwort des Rings wurde geändert, oder die Einladung dieses Tabs zurückgenommen. Lade die Seite neu, um das neue einzugeben; bis dahin macht der Tab im Ring weiter',
    version:
      'Er ist von einer anderen Version von Tabring als diese Seite. Lade die Seite neu; wenn das nicht hilft, ist der Discovery-Knoten der ältere und muss neu gestartet werden',
  },
  plain: (text) => text.replaceAll('Discovery-Knoten', 'Server'),
  newsAway: 'Der Discovery-Knoten ist nicht da; der Ring läuft ohne ihn weiter.',
  newsRemoved: 'Der Discovery-Knoten hat diesen Tab entfernt.',
  renewed: 'Er hat das Zertifikat dieses Tabs erneuert.',
  noReason: 'ohne Angabe von Gründen',
  away: () =>
    'Niemand ist zu erreichen, weil der Discovery-Knoten nicht antwortet: Prüf das Netz dieses Geräts, oder frag, wer den Discovery-Knoten betreibt; diese Seite tritt von selbst bei, sobald es geht.',
  refused: (why) => `Der Discovery-Knoten meldet diesen Tab noch nicht an: ${why}. Versucht es weiter.`,
  proving: 'Prüft das Passwort…',
  insecure: (host) =>
    `Diese Seite kam über einfaches http (${host}). Sie funktioniert, aber langsamer; der Browser darf verwerfen, was sie aufbewahrt, wenn der Platz knapp wird, und ein Tab, der geschlossen wurde, kann nicht mit dem wiederkommen, was er hatte. Nichts davon gilt über https (npm start -- --https), oder als http://localhost auf dem Computer, der sie ausliefert.`,
  webrtc: 'WebRTC (direkte Verbindungen zu anderen Tabs)',
  indexedDb: 'IndexedDB (Speicher)',
  keyChanged: (_, known, now) =>
    `Der Discovery-Knoten weist sich mit einem anderen Schlüssel aus als bei deinem ersten Besuch (damals ${known}, jetzt ${now}): Er wurde neu aufgesetzt, oder etwas anderes antwortet an seiner Stelle. Nimm den neuen Schlüssel nur an, wenn du weißt, warum er sich geändert hat.`,
  lacks: (one) =>
    `Diesem Browser fehlt ${one}, oder eine Einstellung oder Erweiterung hat es abgeschaltet. Erlaube es, oder öffne die Seite in einem aktuellen Chrome, Edge, Firefox oder Safari.`,
  andNo: (one, other) => `${one} und ${other}`,
  notKept: (why) =>
    `Dieser Browser konnte das erneuerte Zertifikat des Tabs nicht behalten. Der Tab macht weiter, bekommt aber vielleicht eine andere Id, wenn er neu geladen wird. ${why}`,
  newer:
    'Es gibt eine neuere Version dieser Seite. Sie lädt sich von selbst neu, wenn keine Datei unterwegs ist; der Tab behält seine Id und was er aufbewahrt.',
  partMissing:
    'Ein Teil der Seite ließ sich noch nicht laden. Das wird von selbst noch einmal versucht; bleibt er weg, obwohl der Server da ist, dann lade die Seite neu.',
  badId: (wanted) =>
    `Die Adresse verlangt die Id „${wanted}“, aber Ids bestehen aus den Zeichen 0-9 und a-f. Dieser Tab bekam eine andere; berichtige die Adresse, und lade neu, um es noch einmal zu versuchen.`,
  badPlace:
    'Der Teil der Adresse nach „#“ ist kein Link zu einer Datei. In einem Link zu einer Datei stehen #/f/ und 64 Zeichen, bei einer privaten noch ein Punkt und 43 weitere: Sieh nach, ob er ganz kopiert wurde.',
  goesOnAs: (wanted, id) =>
    `Die Adresse verlangt die Id ${wanted}, die dieser Tab vorher nicht bekommen hat; er macht also als ${id} weiter. Um wieder zu fragen, öffne die Adresse in einem neuen Tab.`,
  idTaken: (wanted, id) => `Die Id ${wanted} gehört einem anderen Tab, dieser bekam deshalb ${id}.`,
  idNotFree: (wanted, id) =>
    `Der Discovery-Knoten lässt dort, wo du bist, niemanden eine Id wählen; dieser Tab bekam deshalb ${id} statt ${wanted}.`,
  idChanged: (former, id, why) => `Dieser Tab war ${former} und ist von jetzt an ${id}: ${why}.`,
  whatItHeld: (number) =>
    ` Was er aufbewahrt hat, bleibt bei ihm: ${count(number, { one: '# Block', other: '# Blöcke' })}.`,
  keysLost: 'Dieser Browser hat die Schlüssel nicht mehr, die das Recht auf die alte Id beweisen',
  oldIdTaken: 'Die alte Id gehört inzwischen einem anderen Tab',
  keysNever:
    'Eine frühere Version von Tabring behielt keine Schlüssel, die das Recht auf die alte Id beweisen, und der Discovery-Knoten lässt dort, wo du bist, niemanden eine wählen',
  oldIdUnknown: 'Der Discovery-Knoten kennt die alte Id nicht mehr und lässt dort, wo du bist, niemanden eine wählen',
  tryAgain: 'Noch einmal versuchen',
  acceptKey: 'Neuen Schlüssel annehmen',
  letGo: 'Loslassen, um zu teilen',
  pastedName: 'eingefügter Text.txt',
  sharedName: 'geteilter Text.txt',
  sharedUnknown: 'was geteilt wurde',
  sharedQuestion: (names) => `Eine andere App oder Seite hat das hierher geschickt: ${names}. In diesem Ring teilen?`,
  sharedYes: 'Teilen',
  sharedNo: 'Wegwerfen',
  safeToClose: 'Kann geschlossen werden',
  lastHere: (names) => `Noch nicht schließen: Kein anderer Tab hat ${names}`,
  lastLeft: (names) => `Kein anderer Tab hat jetzt ${names}: Tritt wieder bei, um es zurückzubringen`,
  othersHaveAll: 'Andere haben alles, was hier war',
  thin: (names) => `Beim Schließen geht nichts verloren, aber wenige andere haben ${names}`,
  losesNothing: 'Beim Schließen geht nichts verloren',
  underWay: 'Noch nicht schließen: Eine Datei ist unterwegs',
  whoHasIt: 'Fragt, wer noch hat, was hier ist',
  moreFiles: (number) => count(number, { one: '# weitere Datei', other: '# weitere Dateien' }),
  partsOfOthers: (number) => count(number, { one: '# Teil einer fremden Datei', other: '# Teile fremder Dateien' }),
  fileChanged:
    'Die Datei lässt sich nicht mehr lesen: Sie wurde geändert, verschoben oder gelöscht, nachdem du sie ausgewählt hast. Wähle sie noch einmal aus.',
  unexpected: (what) =>
    `Etwas Unerwartetes ging schief: ${what}. Versuch es noch einmal; wenn es wieder geschieht, lade die Seite neu.`,
  leftOut: () => 'Ausgelassen: Sie lässt sich nicht lesen, oder ihr Pfad ist zu lang.',
  leftOutMore: 'Ausgelassen: Die Kommandozeile nennt sie alle.',
  error: (code) => ERRORS[code],
};
