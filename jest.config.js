const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024' } }] },
  setupFiles: ['<rootDir>/test/support/fixed-seed.ts', '<rootDir>/test/support/english.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.local', '<rootDir>/.serverless', '<rootDir>/dist'],
}

/** Unit tests need nothing; integration tests need the local stack, which local/test.ts starts. */
export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
    },
  ],
  // A busy machine is no failure: this only ends what hangs.
  testTimeout: 180_000,
  // The adapters (lib/aws, lib/amqp) are exercised by the integration tests, on the real parts.
  collectCoverageFrom: ['lib/**/*.ts', '!lib/aws/**', '!lib/amqp/**'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'lcov'],
}
