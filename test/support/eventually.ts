/** For `expect.poll` and `vi.waitFor`, which by themselves give up after a second, far less than a busy machine may take. */
export const patience = { timeout: 25_000 };
