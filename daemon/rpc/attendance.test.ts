import { expect, test } from "vitest";
import { Attendance, type Attendee } from "./attendance.ts";

function attendee(id: number, more: Partial<Attendee> = {}): Attendee & { leave(): void } {
	const controller = new AbortController();
	return {
		...{ connection: { id, address: null, since: 1_000, ended: controller.signal }, user: "unix:1000", name: "ana" },
		...{ access: "operate", client: "vedette 1", from: "local", place: { screen: "dashboard", about: null } },
		...{ follows: null, idleSince: null, ...more },
		leave: () => controller.abort(),
	};
}

test("whoever shows is there until their connection ends, and each change is told", () => {
	const attendance = new Attendance();
	let told = 0;
	const stop = attendance.onChange(() => told++);
	const [ana, ben] = [attendee(2), attendee(1, { name: "ben" })];
	attendance.show(ana);
	attendance.show(ben);
	attendance.show({ ...ana, place: { screen: "scan", about: { kind: "scan", id: 7 } }, idleSince: 61_000 });
	expect(attendance.list(2)).toMatchObject([
		{ id: 1, name: "ben", isThis: false, idleSince: null },
		{
			id: 2,
			name: "ana",
			isThis: true,
			place: { screen: "scan", about: { id: 7 } },
			since: "1970-01-01T00:00:01.000Z",
		},
	]);
	expect(attendance.list(undefined)[1]?.idleSince).toBe("1970-01-01T00:01:01.000Z");
	ana.leave();
	expect(attendance.list(undefined).map(({ id }) => id)).toEqual([1]);
	expect(told).toBe(4);
	stop();
	ben.leave();
	expect([attendance.list(undefined), told]).toEqual([[], 4]);
});

test("what comes after the connection has ended leaves nobody behind", () => {
	const attendance = new Attendance();
	const late = attendee(1);
	late.leave();
	attendance.show(late);
	expect(attendance.list(undefined)).toEqual([]);
});

test("over the network the address counts, whatever the console says", () => {
	const attendance = new Attendance();
	const { connection } = attendee(1);
	attendance.show(attendee(1, { from: "local", connection: { ...connection, address: "192.0.2.7" } }));
	expect(attendance.list(undefined)[0]?.from).toBe("192.0.2.7");
});
