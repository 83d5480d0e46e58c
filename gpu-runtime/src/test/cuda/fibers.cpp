// The threads of a block take turns; who goes on is drawn.
#include "running.h"

namespace emulator {

PER_CORE Thread *thread;
PER_CORE Block *block;
PER_CORE Running *running;

namespace {

// Not a power of two: the stacks' ends would share the same few lines of the processor's caches.
constexpr size_t STACK_BYTES = (64 << 10) + 5 * 64;
constexpr unsigned YIELD_EVERY = 16; // accesses, on average

extern "C" void emulator_switch(void **save, void *to);
asm(".globl emulator_switch\n.hidden emulator_switch\n"
    "emulator_switch:\n"
    "  push %rbp\n  push %rbx\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  mov %rsp, (%rdi)\n  mov %rsi, %rsp\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbx\n  pop %rbp\n  ret\n");

// One warp is held back until the others can't get on without it, then another: what they do too early shows.
Fiber *draw_next() {
    Running &r = *running;
    if (r.ready.empty()) {
        r.ready.swap(r.held);
        r.slow = &r.warps[r.chance.below(r.warps.size())];
    }
    if (r.ready.empty()) {
        return nullptr;
    }
    Fiber *&chosen = r.ready[r.chance.below(r.ready.size())];
    Fiber *next = chosen;
    chosen = r.ready.back();
    r.ready.pop_back();
    return next;
}

// Somebody else's turn; back to the scheduler where nobody can go on.
void pass_on() {
    Fiber &me = self(), *next = draw_next();
    if (next == &me) {
        return;
    }
    thread = next;
    emulator_switch(&me.stack_pointer, next == nullptr ? running->scheduler : next->stack_pointer);
}

void run_fiber() {
    (*running->call)();
    self().done = true;
    leave(self());
    pass_on(); // for good
}

void start(Fiber &fiber, unsigned number) {
    Running &r = *running;
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

} // namespace

void wake(Fiber &fiber) {
    fiber.waits_for = nullptr;
    (fiber.warp == running->slow ? running->held : running->ready).push_back(&fiber);
}

void wait_for(const char *what) {
    self().waits_for = what;
    pass_on();
}

void yield_by_chance() {
    if (running->quiet-- == 0) {
        running->quiet = running->chance.below(2 * YIELD_EVERY);
        wake(self());
        pass_on();
    }
}

void fail(const std::string &what) {
    report(place() + ", thread " + std::to_string(&self() - running->fibers.data()) + ": " + what);
    emulator_switch(&self().stack_pointer, running->scheduler);
    __builtin_unreachable();
}

void prepare(const Launch &launch) {
    static thread_local std::unique_ptr<Running> own;
    if (own == nullptr) {
        own = std::make_unique<Running>();
        block = running = own.get();
    }
    Running &r = *running;
    const unsigned count = launch.threads.x * launch.threads.y * launch.threads.z;
    r.threads = launch.threads;
    r.blocks = launch.blocks;
    r.fibers.resize(count);
    r.warps.assign((count + 31) / 32, Warp());
    if (r.stack_bytes < count * STACK_BYTES) {
        r.stack_bytes = count * STACK_BYTES;
        r.stacks.reset(new char[r.stack_bytes]); // as it comes: most of it is never touched
    }
    lay_out_shared_memory(launch.shared_bytes);
    r.call = &launch.call;
    r.kernel = launch.kernel->name;
    r.counters = Counters();
    r.failed = false;
}

void run_block(Index3 index) {
    Running &r = *running;
    r.index = index;
    r.live = static_cast<unsigned>(r.fibers.size());
    r.arrived = 0;
    poison_shared_memory();
    for (unsigned i = 0; i < r.warps.size(); i++) {
        r.warps[i].lanes = std::min<unsigned>(32, r.live - 32 * i);
        r.warps[i].absent = r.warps[i].lanes < 32 ? ~0u << r.warps[i].lanes : 0;
        r.warps[i].arrived = r.warps[i].generation = 0;
    }
    r.ready.clear();
    r.held.clear();
    r.slow = &r.warps[r.chance.below(r.warps.size())];
    r.quiet = r.chance.below(2 * YIELD_EVERY);
    for (unsigned i = 0; i < r.fibers.size(); i++) {
        start(r.fibers[i], i);
        wake(r.fibers[i]);
    }
    thread = draw_next();
    emulator_switch(&r.scheduler, self().stack_pointer); // back when nobody can go on, or one has failed
    if (r.live > 0 && !r.failed) {
        report_deadlock();
    }
    if (!r.failed) {
        check_guards();
    }
}

} // namespace emulator
