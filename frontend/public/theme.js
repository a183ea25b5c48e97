// Runs before the first paint so that the chosen ground never flashes. The key is the one of src/stores/theme.ts.
(() => {
  const kept = JSON.parse(localStorage.getItem('tonearm.theme') ?? '{}').state?.theme ?? 'system';
  const dark = kept === 'dark' || (kept === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
