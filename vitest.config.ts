import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Against what hangs, not against what is slow: a busy machine may take twenty times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: more workers only make the PGlite and Chromium tests wait for each other.
    maxWorkers: 2,
  },
});
