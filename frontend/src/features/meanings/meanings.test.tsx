import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { PARTS } from './meanings';
import { MeaningsPage } from './MeaningsPage';

it('tells every word with its meaning', () => {
  render(<MeaningsPage />);
  for (const { title, meanings } of PARTS) {
    expect(screen.getByRole('region', { name: title })).toBeVisible();
    for (const [word, meaning] of meanings) expect(screen.getByText(word).nextElementSibling).toHaveTextContent(meaning);
  }
  expect(document.title).toContain('What the numbers mean');
});
