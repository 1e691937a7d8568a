import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['tests/simulation/flows/*.crash.ts'], hookTimeout: 60_000 } });
