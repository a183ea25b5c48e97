import { defineConfig } from 'orval';

export default defineConfig({
  tonearm: {
    input: './openapi.json',
    output: {
      mode: 'tags-split',
      target: './src/api/generated/endpoints.ts',
      schemas: './src/api/generated/model',
      client: 'react-query',
      httpClient: 'axios',
      clean: true,
      override: {
        mutator: { path: './src/lib/http.ts', name: 'http' },
        query: { version: 5, signal: true },
      },
    },
  },
});
