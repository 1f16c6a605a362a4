/** What the harness has found, shrunk; each stays. */
export const FOUND: [string, string][] = [
  [
    'a tick set before an edit is not applied after it',
    'submit:248360825 cycle:2117961533 edit-response:1230478402 decide:706072071',
  ],
  [
    'a tick in a row whose number was overwritten touches nobody',
    'submit:383419387 submit:1063681967 cycle:886271905 decide-on-overwritten:424032348',
  ],
  [
    '…and the row comes to rest',
    'submit:22481869 submit:870831514 cycle:1130083400 decide-on-overwritten:1062416563',
  ],
  [
    'a connection that breaks after DATA sends no second mail',
    'submit:135452543 submit:1110437339 storm:862218637 cycle:1162410107',
  ],
  [
    'two ticked rows with one number both lose their ticks',
    'submit:591236026 submit:713098847 cycle:178675152 decide:1082206026 decide-on-overwritten:180329061',
  ],
  ['a response that comes in while the intake has no labels is read', 'break-key:538340005 submit:458179660'],
  [
    'a closed case that is taken up again is judged by what was sent last',
    'submit:228908913 cycle:1702779595 time:870360026 edit-response:527244378 cycle:929309449 office-action:893677553',
  ],
  [
    'nobody expires whose request for correction was refused',
    'submit:6 submit:7 submit:10 submit:11 submit:16 submit:23 storm:3 cycle:0 calm:0 time:4 cycle:0 cycle:0',
  ],
  ['words that look like HTML are text in a mail', 'cycle:725811572 change-setting:531737475'],
  [
    'a teacher who meets a form that a wrong clock has closed goes away',
    'clock-step:19510277 cycle:1393207407 submit:2111845196',
  ],
  [
    '…and one who comes to correct what was sent',
    'submit:552616314 clock-step:388384308 cycle:521969395 stale-decision:1823687355',
  ],
];
