// Runs kernels: blocks over the processor's cores, the threads of a block as fibers.
#include "emulator.h"

#include "machine.h"

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace emulator {

thread_local Thread *thread;
thread_local Block *block;

namespace {

constexpr size_t STACK_BYTES = 64 << 10;
constexpr size_t MOST_SHARED_BYTES = 227 << 10;

struct PendingCopy {
    void *to;
    const void *from;
    bool valid;
    int group;
};

struct Fiber : Thread {
    void *stack_pointer;
    bool done;
    std::vector<PendingCopy> copies;
    int committed;
};

// A block as it runs on one of the processor's cores.
struct Running : Block {
    std::vector<Fiber> fibers;
    std::vector<Warp> warps;
    std::vector<char> stacks;
    std::vector<unsigned char> memory;
    unsigned live, arrived, generation;
    unsigned long steps; // goes on as long as anybody gets on
    void *scheduler;
    const Call *call;
    const char *kernel;
    Counters counters;
    std::minstd_rand coin;
    bool failed;
};

thread_local Running running;
std::mutex results;
std::map<std::string, Counters> counted;
std::string failure;

extern "C" void emulator_switch(void **save, void *to);
asm(".globl emulator_switch\n"
    "emulator_switch:\n"
    "  push %rbp\n  push %rbx\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  mov %rsp, (%rdi)\n  mov %rsi, %rsp\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbx\n  pop %rbp\n  ret\n");

Fiber &self() {
    return *static_cast<Fiber *>(thread);
}

void yield() {
    emulator_switch(&self().stack_pointer, running.scheduler);
}

void run_fiber() {
    (*running.call)();
    self().done = true;
    for (;;) {
        yield();
    }
}

std::string place() {
    const Running &r = running;
    return std::string(r.kernel) + ", block (" + std::to_string(r.index.x) + ", " + std::to_string(r.index.y) + ", " +
           std::to_string(r.index.z) + "), thread " + std::to_string(thread->index.x);
}

// Nobody of this block gets on; the launch reports it.
[[noreturn]] void fail(const std::string &what) {
    {
        std::lock_guard<std::mutex> lock(results);
        if (failure.empty()) {
            failure = place() + ": " + what;
        }
    }
    running.failed = true;
    for (;;) {
        yield();
    }
}

void prepare(const Launch &launch) {
    Running &r = running;
    const unsigned count = launch.threads.x * launch.threads.y * launch.threads.z;
    r.threads = launch.threads;
    r.blocks = launch.blocks;
    r.fibers.resize(count);
    r.warps.assign((count + 31) / 32, Warp());
    r.stacks.resize(count * STACK_BYTES + 64);
    r.memory.resize(MOST_SHARED_BYTES + 128);
    r.shared = reinterpret_cast<unsigned char *>((reinterpret_cast<uintptr_t>(r.memory.data()) + 127) & ~uintptr_t(127));
    r.shared_bytes = launch.shared_bytes;
    r.call = &launch.call;
    r.kernel = launch.kernel->name;
    r.counters = Counters();
    block = &r;
}

void start(Fiber &fiber, unsigned number) {
    Running &r = running;
    fiber.index = {number % r.threads.x, number / r.threads.x % r.threads.y, number / (r.threads.x * r.threads.y)};
    fiber.lane = number % 32;
    fiber.warp = &r.warps[number / 32];
    fiber.done = false;
    fiber.copies.clear();
    fiber.committed = 0;
    uintptr_t top = (reinterpret_cast<uintptr_t>(r.stacks.data()) + (number + 1) * STACK_BYTES) & ~uintptr_t(63);
    void **stack = reinterpret_cast<void **>(top);
    *--stack = nullptr;
    *--stack = reinterpret_cast<void *>(&run_fiber);
    for (int i = 0; i < 6; i++) {
        *--stack = nullptr;
    }
    fiber.stack_pointer = stack;
}

template <class Chosen>
void run_fibers(const std::vector<unsigned> &order, Chosen chosen) {
    Running &r = running;
    for (unsigned i : order) {
        if (r.fibers[i].done || r.failed || !chosen(i / 32)) {
            continue;
        }
        thread = &r.fibers[i];
        emulator_switch(&r.scheduler, r.fibers[i].stack_pointer);
        if (r.fibers[i].done) {
            r.steps++;
            r.live--;
            r.fibers[i].warp->lanes--;
        }
    }
}

void run_block(Index3 index, std::mt19937 &random) {
    Running &r = running;
    r.index = index;
    r.live = static_cast<unsigned>(r.fibers.size());
    r.arrived = r.generation = 0;
    r.failed = false;
    r.coin.seed(random());
    memset(r.shared, 0xff, MOST_SHARED_BYTES);
    for (unsigned i = 0; i < r.warps.size(); i++) {
        r.warps[i].lanes = std::min<unsigned>(32, r.live - 32 * i);
        r.warps[i].arrived = r.warps[i].generation = 0;
    }
    std::vector<unsigned> order(r.fibers.size());
    for (unsigned i = 0; i < order.size(); i++) {
        start(r.fibers[i], i);
        order[i] = i;
    }
    // One warp is held back until the others can't get on without it, then another: what they do too early shows.
    const unsigned warps = static_cast<unsigned>(r.warps.size());
    unsigned slow = random() % warps;
    while (r.live > 0 && !r.failed) {
        std::shuffle(order.begin(), order.end(), random);
        const unsigned long before = r.steps;
        run_fibers(order, [&](unsigned warp) { return warp != slow; });
        if (r.steps == before) {
            run_fibers(order, [&](unsigned warp) { return warp == slow; });
            slow = random() % warps;
        }
        if (r.steps == before && r.live > 0 && !r.failed) {
            std::lock_guard<std::mutex> lock(results);
            failure = place() + ": deadlock: some threads wait at a barrier that others never reach";
            r.failed = true;
        }
    }
}

} // namespace

void meet_warp(const std::function<void()> &together) {
    Warp &warp = *thread->warp;
    const unsigned generation = warp.generation;
    running.steps++;
    if (++warp.arrived == warp.lanes) {
        if (together) {
            together();
        }
        warp.arrived = 0;
        warp.generation++;
        return;
    }
    while (warp.generation == generation) {
        yield();
        if (warp.arrived > 0 && warp.arrived == warp.lanes) { // others have ended meanwhile
            warp.arrived = 0;
            warp.generation++;
        }
    }
    running.steps++;
}

void meet_block() {
    const unsigned generation = running.generation;
    running.steps++;
    running.arrived++;
    while (running.generation == generation) {
        if (running.arrived == running.live) {
            running.arrived = 0;
            running.generation++;
            break;
        }
        yield();
    }
    running.steps++;
}

void check_global(const void *address, size_t bytes, size_t alignment, bool write) {
    if (reinterpret_cast<uintptr_t>(address) % alignment != 0) {
        fail("access of " + std::to_string(bytes) + " bytes at an address that is not a multiple of " +
             std::to_string(alignment));
    }
    if (!is_allocated(address, bytes)) {
        fail(std::string(write ? "writes " : "reads ") + std::to_string(bytes) + " bytes outside of any allocation");
    }
    (write ? running.counters.written : running.counters.read) += bytes;
}

void check_shared(const void *address, size_t bytes, size_t alignment) {
    const auto at = reinterpret_cast<uintptr_t>(address), first = reinterpret_cast<uintptr_t>(running.shared);
    if (at % alignment != 0 || at < first || at + bytes > first + running.shared_bytes) {
        fail("access to shared memory outside of what was asked for, or misaligned");
    }
}

void count_flops(unsigned long flops) {
    running.counters.flops += flops;
}

namespace {

void land(const PendingCopy &copy) {
    if (copy.valid) {
        memcpy(copy.to, copy.from, 16);
    } else {
        memset(copy.to, 0, 16);
    }
}

} // namespace

// A copy may land as soon as it is asked for, and need not before its wait: every other one does.
void copy_later(void *shared, const void *global, bool valid) {
    const PendingCopy copy{shared, global, valid, self().committed};
    if (running.coin() % 2 == 0) {
        land(copy);
    } else {
        self().copies.push_back(copy);
    }
}

void commit_copies() {
    self().committed++;
}

void land_copies(int pending) {
    std::vector<PendingCopy> left;
    for (const PendingCopy &copy : self().copies) {
        if (copy.group >= self().committed - pending) {
            left.push_back(copy);
        } else {
            land(copy);
        }
    }
    self().copies = left;
}

bool run(const Launch &launch) {
    static std::atomic<unsigned> launches{0};
    const unsigned total = launch.blocks.x * launch.blocks.y * launch.blocks.z;
    std::vector<unsigned> order(total);
    for (unsigned i = 0; i < total; i++) {
        order[i] = i;
    }
    const char *seed_text = getenv("SACCADE_EMULATOR_SEED");
    const unsigned seed = (seed_text ? static_cast<unsigned>(atol(seed_text)) : 1) + 7919 * launches++;
    std::mt19937 random(seed);
    std::shuffle(order.begin(), order.end(), random);
    std::atomic<unsigned> next{0};
    std::atomic<bool> failed{false};
    auto work = [&](unsigned worker) {
        std::mt19937 own(seed + worker);
        prepare(launch);
        for (unsigned i; !failed && (i = next++) < total;) {
            const unsigned b = order[i];
            run_block({b % launch.blocks.x, b / launch.blocks.x % launch.blocks.y, b / (launch.blocks.x * launch.blocks.y)},
                      own);
            failed = failed || running.failed;
        }
        std::lock_guard<std::mutex> lock(results);
        counted[launch.kernel->name] += running.counters;
    };
    const unsigned workers = std::min(total, std::max(1u, std::thread::hardware_concurrency()));
    std::vector<std::thread> others;
    for (unsigned i = 1; i < workers; i++) {
        others.emplace_back(work, i);
    }
    work(0);
    for (std::thread &other : others) {
        other.join();
    }
    std::lock_guard<std::mutex> lock(results);
    counted[launch.kernel->name].launches++;
    return !failed;
}

} // namespace emulator

extern "C" {

__attribute__((visibility("default"))) void emulator_counters(const char *kernel, emulator::Counters *out) {
    std::lock_guard<std::mutex> lock(emulator::results);
    *out = emulator::counted[kernel];
}

__attribute__((visibility("default"))) const char *emulator_failure() {
    return emulator::failure.c_str();
}

// Forgets what was counted and what failed.
__attribute__((visibility("default"))) void emulator_reset() {
    std::lock_guard<std::mutex> lock(emulator::results);
    emulator::counted.clear();
    emulator::failure.clear();
    emulator::revive();
}
}
