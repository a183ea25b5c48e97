/** Spotify's words for how a play began, in ours. */
const BEGAN: Record<string, string> = {
  trackdone: 'the one before had ended',
  fwdbtn: 'you pressed next',
  backbtn: 'you pressed back',
  clickrow: 'you picked it from a list',
  clickside: 'you picked it at the side',
  playbtn: 'you pressed play',
  appload: 'the app opened',
  remote: 'another device asked for it',
  trackerror: 'the one before failed',
  popup: 'a pop-up offered it',
};

const ENDED: Record<string, string> = {
  trackdone: 'it was over',
  fwdbtn: 'you pressed next',
  backbtn: 'you pressed back',
  endplay: 'you put on something else',
  clickrow: 'you picked another',
  clickside: 'you picked another at the side',
  logout: 'you signed out or closed the app',
  remote: 'another device took over',
  appload: 'the app opened anew',
  trackerror: 'it failed',
  popup: 'a pop-up took over',
  'unexpected-exit': 'the app broke off',
  'unexpected-exit-while-paused': 'the app broke off while paused',
};

const said = (words: Record<string, string>, reason: string | null): string =>
  reason === null || reason === '' ? 'nobody told' : (words[reason] ?? `“${reason}”`);

export const began = (reason: string | null): string => said(BEGAN, reason);
export const ended = (reason: string | null): string => said(ENDED, reason);

const DEVICES: Record<string, string> = {
  android: 'Android phone or tablet',
  ios: 'iPhone or iPad',
  windows: 'Windows',
  mac: 'Mac',
  linux: 'Linux',
  web: 'Web player',
  watch: 'Watch',
  tv: 'Television',
  console: 'Game console',
  car: 'Car',
  speaker: 'Speaker',
  other: 'Something else',
};

export const device = (name: string | null): string => (name === null ? 'Not told' : (DEVICES[name] ?? name));

const regions = new Intl.DisplayNames('en', { type: 'region' });

/** ZZ and other codes that are no region stand for "unknown" in old exports. */
export const isCountry = (code: string | null): code is string => code !== null && /^[A-Z]{2}$/.test(code) && code !== 'ZZ';

export function country(code: string | null): string {
  if (code === null) return 'Not told';
  return isCountry(code) ? (regions.of(code) ?? code) : 'Unknown';
}
