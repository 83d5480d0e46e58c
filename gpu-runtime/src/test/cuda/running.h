// A block as it runs on one of the processor's cores, its threads as fibers.
#pragma once
#include "chance.h"
#include "machine.h"

#include <memory>

namespace emulator {

constexpr unsigned char POISON = 0xff;

struct PendingCopy {
    void *to;
    const void *from;
    bool valid;
    int group;
};

struct Fiber : Thread {
    void *stack_pointer;
    bool done;
    const char *waits_for; // null where it may go on
    std::vector<PendingCopy> copies;
    int committed;
};

struct Running : Block {
    std::vector<Fiber> fibers;
    std::vector<Fiber *> ready, held; // held: those of the slow warp
    Warp *slow;
    std::vector<Warp> warps;
    std::unique_ptr<char[]> stacks;
    size_t stack_bytes = 0;
    std::vector<unsigned char> memory;
    unsigned live, arrived; // at the block's barrier
    unsigned quiet;         // accesses until another thread may go on
    void *scheduler;
    const Call *call;
    const char *kernel;
    Counters counters;
    std::vector<uintptr_t> sectors; // read, where they are counted
    Chance chance;
    bool failed;
};

extern PER_CORE Running *running;

inline Fiber &self() {
    return *static_cast<Fiber *>(thread);
}

// ---- fibers.cpp

void prepare(const Launch &launch);
void run_block(Index3 index);
void wake(Fiber &fiber);
// Until somebody wakes it.
void wait_for(const char *what);
// Somebody else may go on first.
void yield_by_chance();
// Nobody of this block gets on; the launch reports it.
[[noreturn]] void fail(const std::string &what);

// ---- meetings.cpp

// Who has ended is no longer waited for.
void leave(Fiber &fiber);
void report_deadlock();

// ---- accesses.cpp

void lay_out_shared_memory(size_t bytes);
void poison_shared_memory();
void check_guards();

// ---- launches.cpp

void report(const std::string &what);
std::string place();
bool counts_sectors();

} // namespace emulator
