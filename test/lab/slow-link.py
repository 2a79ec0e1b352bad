"""A wire between this network namespace and another that delays every packet and loses some, for kernels without netem.

slow-link.py NAMESPACE DELAY_MS LOSS_PERCENT: makes the interface `slow` on both sides, says `ready`, and carries packets
until its standard input ends. Losses follow a fixed seed.
"""

import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000


def open_tun():
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", b"slow", IFF_TUN | IFF_NO_PI))
    return fd


def main():
    namespace, delay, loss = sys.argv[1], float(sys.argv[2]) / 1000, float(sys.argv[3]) / 100
    here = open_tun()
    with open(f"/run/netns/{namespace}") as other:
        if ctypes.CDLL(None, use_errno=True).setns(other.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    there = open_tun()
    chance = random.Random(1)
    waiting = []
    count = 0
    print("ready", flush=True)
    while True:
        pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select([here, there, 0], [], [], pause)
        now = time.monotonic()
        if 0 in readable and not os.read(0, 64):
            return
        for fd, to in ((here, there), (there, here)):
            for _ in range(64 if fd in readable else 0):
                try:
                    packet = os.read(fd, 65536)
                except BlockingIOError:
                    break
                if chance.random() >= loss:
                    count += 1
                    heapq.heappush(waiting, (now + delay, count, to, packet))
        while waiting and waiting[0][0] <= now:
            _, _, to, packet = heapq.heappop(waiting)
            try:
                os.write(to, packet)
            except OSError:
                pass


main()
