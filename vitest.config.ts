import { defineConfig } from 'vitest/config';

const { BUDENG_SEED } = process.env;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Against what hangs, not against what is slow: a busy machine may take twenty times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: more workers only make the PGlite and Chromium tests wait for each other.
    maxWorkers: 2,
    // A test that leans on another fails in some orders only; the seed that Vitest prints repeats the order.
    sequence: { shuffle: true, ...(BUDENG_SEED ? { seed: Number(BUDENG_SEED) } : {}) },
    coverage: {
      provider: 'v8',
      reporter: ['text-summary'],
      include: ['{contract,emulator,sync-service}/**/*.ts'],
      // Bundled before they run: in the browser of a page, and in the worker of a script.
      exclude: ['emulator/src/pages/client/**', 'emulator/src/script/worker/**'],
    },
  },
});
