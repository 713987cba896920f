import { expect, it, jest } from '@jest/globals'

// A load that fails once: no file descriptor was free, say.
const createSecretsProvider = jest
  .fn<() => { get(): Promise<string> }>()
  .mockImplementationOnce(() => {
    throw new Error('EMFILE: too many open files')
  })
  .mockReturnValue({ get: async () => 'token' })
jest.unstable_mockModule('../../../lib/aws/secrets-provider.ts', () => ({ createSecretsProvider }))

it('loads the client again after a failed load', async () => {
  const { secretText } = await import('../../../lib/aws/secrets.ts')
  await expect(secretText('telegram')).rejects.toThrow('EMFILE')
  await expect(secretText('telegram')).resolves.toBe('token')
})
