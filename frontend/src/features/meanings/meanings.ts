/** What each number means, in a listener's words. The exact rules stand in docs/analytics.md; a test holds the numbers to the code. */
export interface Part {
  title: string;
  lead?: string;
  meanings: [word: string, meaning: string][];
}

export const PARTS: Part[] = [
  {
    title: 'What counts',
    meanings: [
      ['A play', 'Anything that began to play, however short. History shows every one.'],
      ['A listen', 'A play of at least 30 seconds. Top lists go by listens unless you choose time.'],
      ['Time', 'All that sounded, also what was too short to be a listen.'],
      ['Music', 'Podcasts and audiobooks have lists of their own and are in no other number.'],
      [
        'A skip',
        'What your export calls one; where it says nothing, a play that ended because you pressed next. Shares of skips are of the plays of which it is known.',
      ],
      ['New, and first', 'The first listen ever, not the first of the time shown.'],
      [
        'Lengths that nobody told',
        'Some players tell only when something began. Such a play counts with the length of its track, or until the next one; where no length is known, with half a minute, so the time is never more than somebody vouched for. Home says how many these are.',
      ],
      [
        'What you changed',
        'Tracks you merged count together, artists you left out count nowhere, plays you deleted or corrected count as you said: for the past as well, and until you take it back.',
      ],
    ],
  },
  {
    title: 'When it was',
    meanings: [
      ['A day', 'From midnight to midnight on the clock of your time zone, which you choose in Settings. A play belongs to the day and the hour in which it began.'],
      ['A week', 'Monday to Sunday.'],
      [
        'Beside it',
        'The time before: last year beside this one. Of a time that still runs, only as many days of the one before as have passed, so five months are never held against twelve.',
      ],
      ['A session', 'Plays with at most 30 minutes of silence between them.'],
      ['A streak', 'Days in a row with a listen. One that reached yesterday still lives: today is not over.'],
    ],
  },
  {
    title: 'Coming and going',
    meanings: [
      ['A comeback', 'A track or artist that was silent for at least 180 days and then had 3 listens or more.'],
      ['A forgotten favourite', 'At least 10 listens once, and none in the last 365 days.'],
      ['An obsession', 'A time in which one track had 10 listens within a week, again and again, and a tenth of all your listens. For an artist it takes 20 listens and a third.'],
      ['Heard to the end', 'At least 95 % of the track was played. Where its length is not known, the play is left out, and the page says how many those are.'],
      ['How varied', 'As many equally loved artists would be as varied as yours are. Whoever hears one artist only has 1.'],
    ],
  },
  {
    title: 'Why it is not what Wrapped says',
    lead: 'Spotify does not publish how it counts. This much is known, or follows from what you brought:',
    meanings: [
      ['The year', 'Wrapped comes out before December is over, so the end of the year is missing there. Here a year has all its days.'],
      ['The same song twice', 'A single and the same recording on an album are two tracks at Spotify. Here they count as one where you merged them.'],
      ['Other players', 'What a scrobbler sent, or another export told, counts here and is unknown there.'],
      ['Your clock', 'Spotify writes times in UTC. Here New Year’s Eve ends at midnight where you live.'],
      ['What the file says', 'Each row of your export has its verdict on the import’s own page: taken, known already, left out or broken, and why. The sum is the number of rows.'],
    ],
  },
];
