import { expect, test } from "vitest";
import { createReader } from "./reader-view.tsx";

test("an answer that comes after a later one does not take its place", async () => {
	const asked: { answer(text: string): void; fail(err: Error): void }[] = [];
	const reader = createReader<string>(
		{
			...{ changed: () => undefined, open: () => undefined, toast: () => undefined },
			...{ isConnected: () => true, onReconnect: () => () => undefined },
		},
		() => new Promise((answer, fail) => asked.push({ answer, fail })),
		() => [],
	);
	reader.reload();
	reader.reload();
	const [first, second, third] = asked;
	second?.answer("as it is");
	await Promise.resolve();
	expect(reader.value()).toBe("as it is");
	first?.answer("as it was");
	await Promise.resolve();
	expect(reader.value()).toBe("as it is");
	third?.answer("as it is now");
	await Promise.resolve();
	expect(reader.value()).toBe("as it is now");
	reader.close();
});
