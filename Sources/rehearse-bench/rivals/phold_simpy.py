"""PHOLD on SimPy, with callbacks (its processes are slower).

Usage: phold_simpy.py DRAWS TABLE PENDING EVENTS; prints the checksum and the CPU seconds of the loop.
DRAWS holds the generator's 64-bit words, made beforehand because 64-bit arithmetic is slow in Python: the generator
costs SimPy nothing. What a model does with a word is done here as in the other engines.
"""

import array
import sys
import time

import simpy

PROCESSES = 64


def numbers(file, code):
    values = array.array(code)
    with open(file, "rb") as opened:
        values.frombytes(opened.read())
    return values.tolist()


def main(draws, table, pending, events):
    words = numbers(draws, "Q")
    lows = numbers(table, "q")
    widths = [high - low for low, high in zip(lows, lows[1:])]
    env = simpy.Environment()
    timeout = env.timeout
    last = [0] * PROCESSES
    count = [0] * PROCESSES
    checksum = 0
    draw = iter(words[pending:]).__next__

    def increment(word):
        cell = word >> 54
        return lows[cell] + (widths[cell] * (word >> 22 & 0xFFFFFFFF) >> 32)

    def happen(event):
        nonlocal checksum
        process = event._value
        now = env._now
        count[process] = seen = count[process] + 1
        checksum += (now - last[process]) * seen
        last[process] = now
        word = draw()
        cell = word >> 54
        delay = lows[cell] + (widths[cell] * (word >> 22 & 0xFFFFFFFF) >> 32)
        timeout(delay, process + word & 63).callbacks.append(happen)

    for index in range(pending):
        timeout(increment(words[index]), index + words[index] & 63).callbacks.append(happen)
    step = env.step
    start = time.thread_time()
    for _ in range(events):
        step()
    seconds = time.thread_time() - start
    print(checksum & 0xFFFFFFFFFFFFFFFF, seconds)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
