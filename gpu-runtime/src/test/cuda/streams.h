// What streams are made of.
#pragma once
#include "driver.h"

#include <deque>
#include <vector>

namespace emulator {

struct Stream;

// A point of a stream, as an event remembers it; of none, it is always reached.
struct Mark {
    Stream *stream = nullptr;
    unsigned long after = 0; // so many entries

    bool is_reached() const;
};

struct Graph {
    std::vector<std::function<Result()>> operations;
};

struct Stream {
    // Does something, or waits until another stream has.
    struct Entry {
        std::function<Result()> operation;
        Mark until;
    };

    int number = 0;
    std::deque<Entry> entries; // asked for and not done
    unsigned long asked = 0, done = 0;
    Graph *recording = nullptr;

    void put(Entry entry) {
        entries.push_back(std::move(entry));
        asked++;
    }

    Mark end() {
        return {this, asked};
    }
};

inline bool Mark::is_reached() const {
    return stream == nullptr || stream->done >= after;
}

} // namespace emulator
