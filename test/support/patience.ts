/**
 * For tests of whole processes: none asserts how long something takes, so each gets the time of a machine on which ten other
 * things run. What never ends still fails.
 */
import { vi } from "vitest";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
