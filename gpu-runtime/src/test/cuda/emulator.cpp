// Runs kernels: blocks over the processor's cores, the threads of a block as fibers.
#include "emulator.h"

#include "machine.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace emulator {

thread_local Thread *thread;
thread_local Block *block;

namespace {

constexpr size_t STACK_BYTES = 64 << 10;
constexpr size_t GUARD_BYTES = 1024; // on either side of a block's shared memory
constexpr unsigned char POISON = 0xff;
constexpr const char *BLOCK = "sync_block";
constexpr unsigned YIELD_EVERY = 16; // accesses, on average

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

// A block as it runs on one of the processor's cores.
struct Running : Block {
    std::vector<Fiber> fibers;
    std::vector<Fiber *> ready, held; // held: those of the slow warp
    Warp *slow;
    std::vector<Warp> warps;
    std::unique_ptr<char[]> stacks;
    size_t stack_bytes = 0;
    std::vector<unsigned char> memory;
    unsigned live, arrived; // at the block's barrier
    void *scheduler;
    const Call *call;
    const char *kernel;
    Counters counters;
    std::vector<uintptr_t> sectors; // read, where they are counted
    Chance chance;
    bool failed;
};

thread_local Running running;
constexpr uintptr_t SECTOR = 32;
std::atomic<bool> counts_sectors{false};
std::mutex results;
std::map<std::string, Counters> counted;
std::string failure;
std::atomic<unsigned> launches{0};
std::atomic<unsigned> chosen_seed{0};

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

// Somebody else may go on first.
void yield_by_chance() {
    if (running.chance.below(YIELD_EVERY) == 0) {
        yield();
    }
}

// Until somebody wakes it.
void wait_for(const char *what) {
    self().waits_for = what;
    yield();
}

void wake(Fiber &fiber) {
    fiber.waits_for = nullptr;
    (fiber.warp == running.slow ? running.held : running.ready).push_back(&fiber);
}

// One warp is held back until the others can't get on without it, then another: what they do too early shows.
bool anybody_is_ready() {
    Running &r = running;
    if (r.ready.empty()) {
        r.ready.swap(r.held);
        r.slow = &r.warps[r.chance.below(r.warps.size())];
    }
    return !r.ready.empty();
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
           std::to_string(r.index.z) + ")";
}

void report(const std::string &what) {
    std::lock_guard<std::mutex> lock(results);
    running.failed = true;
    if (failure.empty()) {
        failure = what;
        fprintf(stderr, "emulator: %s\n", failure.c_str());
    }
}

// Nobody of this block gets on; the launch reports it.
[[noreturn]] void fail(const std::string &what) {
    report(place() + ", thread " + std::to_string(&self() - running.fibers.data()) + ": " + what);
    for (;;) {
        yield();
    }
}

void report_deadlock() {
    std::map<std::string, unsigned> waiting;
    for (const Fiber &fiber : running.fibers) {
        if (!fiber.done) {
            waiting[fiber.waits_for]++;
        }
    }
    std::string what;
    for (const auto &[meeting, threads] : waiting) {
        what += (what.empty() ? "" : ", ") + std::to_string(threads) + " threads at " + meeting;
    }
    report(place() + ": deadlock: others never come to where these wait: " + what);
}

void prepare(const Launch &launch) {
    Running &r = running;
    const unsigned count = launch.threads.x * launch.threads.y * launch.threads.z;
    r.threads = launch.threads;
    r.blocks = launch.blocks;
    r.fibers.resize(count);
    r.warps.assign((count + 31) / 32, Warp());
    if (r.stack_bytes < count * STACK_BYTES) {
        r.stack_bytes = count * STACK_BYTES;
        r.stacks.reset(new char[r.stack_bytes]); // as it comes: most of it is never touched
    }
    r.memory.resize(128 + 2 * GUARD_BYTES + launch.shared_bytes);
    r.shared = reinterpret_cast<unsigned char *>((reinterpret_cast<uintptr_t>(r.memory.data()) + 127) & ~uintptr_t(127)) +
               GUARD_BYTES;
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
    fiber.waits_for = nullptr;
    fiber.copies.clear();
    fiber.committed = 0;
    uintptr_t top = (reinterpret_cast<uintptr_t>(r.stacks.get()) + (number + 1) * STACK_BYTES) & ~uintptr_t(63);
    void **stack = reinterpret_cast<void **>(top);
    *--stack = nullptr;
    *--stack = reinterpret_cast<void *>(&run_fiber);
    for (int i = 0; i < 6; i++) {
        *--stack = nullptr;
    }
    fiber.stack_pointer = stack;
}

void release_warp(Warp &warp) {
    warp.next_exchange().absent = warp.absent;
    warp.arrived = 0;
    warp.generation++;
    const size_t first = (&warp - running.warps.data()) * 32, end = std::min(first + 32, running.fibers.size());
    for (size_t i = first; i < end; i++) {
        if (running.fibers[i].waits_for == warp.meeting) {
            wake(running.fibers[i]);
        }
    }
}

void release_block() {
    running.arrived = 0;
    for (Fiber &fiber : running.fibers) {
        if (fiber.waits_for == BLOCK) {
            wake(fiber);
        }
    }
}

// Who has ended is no longer waited for.
void leave(Fiber &fiber) {
    Running &r = running;
    Warp &warp = *fiber.warp;
    warp.absent |= 1u << fiber.lane;
    warp.lanes--;
    if (warp.lanes > 0 && warp.arrived == warp.lanes) {
        release_warp(warp);
    }
    r.live--;
    if (r.live > 0 && r.arrived == r.live) {
        release_block();
    }
}

void check_guards() {
    const Running &r = running;
    const unsigned char *before = r.shared - GUARD_BYTES, *after = r.shared + r.shared_bytes;
    for (size_t i = 0; i < GUARD_BYTES; i++) {
        if (before[i] != POISON || after[i] != POISON) {
            report(place() + ": writes outside of its " + std::to_string(r.shared_bytes) + " bytes of shared memory");
            return;
        }
    }
}

void run_block(Index3 index) {
    Running &r = running;
    r.index = index;
    r.live = static_cast<unsigned>(r.fibers.size());
    r.arrived = 0;
    r.failed = false;
    memset(r.shared - GUARD_BYTES, POISON, r.shared_bytes + 2 * GUARD_BYTES);
    for (unsigned i = 0; i < r.warps.size(); i++) {
        r.warps[i].lanes = std::min<unsigned>(32, r.live - 32 * i);
        r.warps[i].absent = r.warps[i].lanes < 32 ? ~0u << r.warps[i].lanes : 0;
        r.warps[i].arrived = r.warps[i].generation = 0;
    }
    r.ready.clear();
    r.held.clear();
    r.slow = &r.warps[r.chance.below(r.warps.size())];
    for (unsigned i = 0; i < r.fibers.size(); i++) {
        start(r.fibers[i], i);
        wake(r.fibers[i]);
    }
    while (!r.failed && anybody_is_ready()) {
        Fiber *&chosen = r.ready[r.chance.below(r.ready.size())];
        Fiber &fiber = *chosen;
        chosen = r.ready.back();
        r.ready.pop_back();
        thread = &fiber;
        emulator_switch(&r.scheduler, fiber.stack_pointer);
        if (fiber.done) {
            leave(fiber);
        } else if (fiber.waits_for == nullptr) {
            wake(fiber);
        }
    }
    if (r.live > 0 && !r.failed) {
        report_deadlock();
    }
    if (!r.failed) {
        check_guards();
    }
}

} // namespace

void meet_warp(const char *what, void (*together)(Warp::Exchange &)) {
    Warp &warp = *thread->warp;
    if (warp.arrived == 0) {
        warp.meeting = what;
    } else if (warp.meeting != what && strcmp(warp.meeting, what) != 0) {
        fail(std::string("diverged: comes to ") + what + " while lanes of its warp wait at " + warp.meeting);
    }
    if (++warp.arrived < warp.lanes) {
        wait_for(warp.meeting);
        return;
    }
    if (together != nullptr) {
        together(warp.next_exchange());
    }
    release_warp(warp);
    yield_by_chance();
}

void meet_block() {
    if (++running.arrived < running.live) {
        wait_for(BLOCK);
        return;
    }
    release_block();
    yield_by_chance();
}

void require_whole_warp(const char *what) {
    if (thread->warp->absent != 0) {
        fail(std::string(what) + " needs all 32 lanes, and some have ended or were never there");
    }
}

void require_lane(const Warp::Exchange &exchange, unsigned lane) {
    if (exchange.absent >> lane & 1) {
        fail("takes a value from lane " + std::to_string(lane) + ", which has ended or was never there");
    }
}

void check_global(const void *address, size_t bytes, size_t alignment, bool write) {
    if (reinterpret_cast<uintptr_t>(address) % alignment != 0) {
        fail("misaligned: " + std::to_string(bytes) + " bytes at " + describe(address) + ", no multiple of " +
             std::to_string(alignment));
    }
    if (!is_allocated(address, bytes)) {
        fail(std::string(write ? "writes " : "reads ") + std::to_string(bytes) + " bytes outside of any allocation, at " +
             describe(address));
    }
    (write ? running.counters.written : running.counters.read) += bytes;
    if (!write && counts_sectors) {
        const auto first = reinterpret_cast<uintptr_t>(address) / SECTOR;
        for (uintptr_t sector = first; sector <= (reinterpret_cast<uintptr_t>(address) + bytes - 1) / SECTOR; sector++) {
            running.sectors.push_back(sector);
        }
    }
    yield_by_chance();
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

// What is there until the copy has landed is undefined: neither the old values, which others may still read, nor the new.
void copy_later(void *shared, const void *global, bool valid) {
    memset(shared, POISON, 16);
    self().copies.push_back({shared, global, valid, self().committed});
}

void commit_copies() {
    self().committed++;
}

void land_copies(int pending) {
    auto &copies = self().copies; // in the order of their groups
    size_t landed = 0;
    for (; landed < copies.size() && copies[landed].group < self().committed - pending; landed++) {
        const PendingCopy &copy = copies[landed];
        if (copy.valid) {
            memcpy(copy.to, copy.from, 16);
        } else {
            memset(copy.to, 0, 16);
        }
    }
    copies.erase(copies.begin(), copies.begin() + landed);
}

bool run(const Launch &launch) {
    const unsigned total = launch.blocks.x * launch.blocks.y * launch.blocks.z;
    std::vector<unsigned> order(total);
    for (unsigned i = 0; i < total; i++) {
        order[i] = i;
    }
    const char *seed_text = getenv("SACCADE_EMULATOR_SEED");
    const unsigned first = chosen_seed != 0 ? chosen_seed.load() : seed_text != nullptr ? std::stoul(seed_text) : 1;
    const unsigned seed = first + 7919 * launches++;
    Chance chance;
    chance.seed(seed);
    chance.shuffle(order);
    std::atomic<unsigned> next{0};
    std::atomic<bool> failed{false};
    std::vector<uintptr_t> sectors;
    auto work = [&] {
        prepare(launch);
        for (unsigned i; !failed && (i = next++) < total;) {
            const unsigned b = order[i];
            running.chance.seed(seed + 104729 * b); // whichever core it comes to
            run_block({b % launch.blocks.x, b / launch.blocks.x % launch.blocks.y, b / (launch.blocks.x * launch.blocks.y)});
            failed = failed || running.failed;
        }
        std::lock_guard<std::mutex> lock(results);
        counted[launch.kernel->name] += running.counters;
        sectors.insert(sectors.end(), running.sectors.begin(), running.sectors.end());
        running.sectors.clear();
    };
    const unsigned workers = std::min(total, std::max(1u, std::thread::hardware_concurrency()));
    std::vector<std::thread> others;
    for (unsigned i = 1; i < workers; i++) {
        others.emplace_back(work);
    }
    work();
    for (std::thread &other : others) {
        other.join();
    }
    std::lock_guard<std::mutex> lock(results);
    counted[launch.kernel->name].launches++;
    counted["every kernel"].launches++;
    std::sort(sectors.begin(), sectors.end());
    counted[launch.kernel->name].fetched += (std::unique(sectors.begin(), sectors.end()) - sectors.begin()) * SECTOR;
    return !failed;
}

void count(const char *name, const Counters &counters) {
    std::lock_guard<std::mutex> lock(results);
    counted[name] += counters;
}

} // namespace emulator

extern "C" {

// Of the order from now on, as if nothing had run before.
__attribute__((visibility("default"))) void emulator_seed(unsigned seed) {
    emulator::chosen_seed = seed;
    emulator::launches = 0;
}

// Whether distinct sectors are counted, which takes time.
__attribute__((visibility("default"))) void emulator_count_sectors(int whether) {
    emulator::counts_sectors = whether != 0;
}

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
