// Random numbers that a seed repeats.
#pragma once
#include "emulator.h"

#include <vector>

namespace emulator {

// Marsaglia's xorshift: quick, and good enough to shuffle.
class Chance {
    u64 state = 1;

public:
    void seed(u64 number) {
        state = (number + 1) * 0x9e3779b97f4a7c15;
        below(1);
    }

    unsigned below(unsigned bound) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<unsigned>((state >> 32) * bound >> 32);
    }

    void shuffle(std::vector<unsigned> &order) {
        for (unsigned i = order.size(); i > 1; i--) {
            std::swap(order[i - 1], order[below(i)]);
        }
    }
};

} // namespace emulator
