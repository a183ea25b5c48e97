import { act, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { useConnection } from '@/stores/connection';
import { NOBODY, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { StatusBanner } from './StatusBanner';

const up = ['database', 'cache', 'model_server', 'worker'].map((name) => ({ name, state: 'up', detail: '' }));

afterEach(() => useConnection.getState().markBack());

describe('the banner', () => {
  it('is silent while everything is up', async () => {
    const calls = serve({ 'GET /status': { parts: up } });
    draw(<StatusBanner />);
    await act(() => Promise.resolve());
    expect(calls).toHaveLength(1);
    expect(screen.queryByText(/away/)).not.toBeInTheDocument();
  });

  it('names the part that is away and what it means', async () => {
    serve({ 'GET /status': { parts: up.map((part) => (part.name === 'worker' ? { ...part, state: 'down' } : part)) } });
    draw(<StatusBanner />);
    expect(await screen.findByText(/Imports wait in line/)).toBeVisible();
  });

  it('says that the server is not answering, and falls silent when it is back', async () => {
    let answer: unknown = NOBODY;
    serve({ 'GET /status': () => answer });
    const { client } = draw(<StatusBanner />);
    expect(await screen.findByText(/not answering/)).toBeVisible();
    answer = { parts: up };
    await act(() => client.invalidateQueries());
    expect(screen.queryByText(/not answering/)).not.toBeInTheDocument();
  });
});
