#!/usr/bin/env python3
"""Prints the numbers that SeededRandomNumberGeneratorTests.swift expects.

Written from the definitions of splitmix64 and xoshiro256** (https://prng.di.unimi.it), with Python's integers
and doubles and nothing of the Swift code: run it and compare.
"""
import math

MASK = (1 << 64) - 1


def splitmix64(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


class Xoshiro256StarStar:
    def __init__(self, state):
        self.s = list(state)

    @classmethod
    def seeded(cls, seed):
        words = splitmix64(seed)
        return cls([next(words) for _ in range(4)])

    def next(self):
        s = self.s
        result = (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        return result

    def uniform(self):
        return (self.next() >> 40) / 2**24

    def normal(self):
        u = ((self.next() >> 11) + 1) / 2**53
        v = (self.next() >> 11) / 2**53
        return math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v)

    def below(self, bound):
        while True:
            product = bound * self.next()
            if (product & MASK) >= (1 << 64) % bound:
                return product >> 64

    def permutation(self, n):
        values = list(range(n))
        for last in range(n - 1, 0, -1):
            j = self.below(last + 1)
            values[last], values[j] = values[j], values[last]
        return values


def show(title, values):
    print(title, "[" + ", ".join(map(str, values)) + "]")


if __name__ == "__main__":
    generator = Xoshiro256StarStar([1, 2, 3, 4])
    show("next, state 1 2 3 4:", [generator.next() for _ in range(8)])
    for seed in (0, 1234, MASK):
        generator = Xoshiro256StarStar.seeded(seed)
        show(f"state, seed {seed}:", generator.s)
        show(f"next, seed {seed}:", [generator.next() for _ in range(4)])
    generator = Xoshiro256StarStar.seeded(7)
    show("uniform · 2^24, seed 7:", [int(generator.uniform() * 2**24) for _ in range(4)])
    generator = Xoshiro256StarStar.seeded(7)
    show("normal, seed 7:", [generator.normal() for _ in range(4)])
    generator = Xoshiro256StarStar.seeded(7)
    show("permutation of 12, seed 7:", generator.permutation(12))
    generator = Xoshiro256StarStar.seeded(7)
    show("below 3·2^61, seed 7:", [generator.below(3 << 61) for _ in range(6)])
