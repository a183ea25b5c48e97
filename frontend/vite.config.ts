import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const port = Number(process.env.WEB_PORT ?? 7700);
// Behind a reverse proxy the page is asked for by the proxy's own name; other names are refused (DNS rebinding).
const publicUrl = process.env.APP_PUBLIC_URL ?? '';
const allowedHosts = URL.canParse(publicUrl) ? [new URL(publicUrl).hostname] : [];
const api = process.env.API_URL ?? 'http://127.0.0.1:7701';

// One origin for the browser: the page and the API answer on the same port, so no CORS grant is ever needed.
const listen = {
  host: '127.0.0.1',
  port,
  strictPort: true,
  allowedHosts,
  // A shared wrap's page comes from the API: it writes title and picture of the link into this page's head.
  // Below /1 scrobblers look for ListenBrainz's API.
  proxy: Object.fromEntries(['/api', '^/s/', '^/1/'].map((path) => [path, { target: api, changeOrigin: false }])),
};

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: listen,
  preview: listen,
  build: {
    target: 'es2023',
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ },
            { name: 'firebase', test: /node_modules[\\/](@firebase|firebase|idb)[\\/]/ },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./vitest.setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    css: false,
  },
});
