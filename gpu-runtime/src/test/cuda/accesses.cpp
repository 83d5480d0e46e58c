// What a kernel does to memory: checked, counted, and for asynchronous copies put off.
#include "running.h"

namespace emulator {

namespace {

constexpr size_t GUARD_BYTES = 1024; // on either side of a block's shared memory
constexpr uintptr_t SECTOR = 32;

} // namespace

void lay_out_shared_memory(size_t bytes) {
    Running &r = *running;
    r.memory.resize(128 + 2 * GUARD_BYTES + bytes);
    r.shared = reinterpret_cast<unsigned char *>((reinterpret_cast<uintptr_t>(r.memory.data()) + 127) & ~uintptr_t(127)) +
               GUARD_BYTES;
    r.shared_bytes = bytes;
}

void poison_shared_memory() {
    memset(running->shared - GUARD_BYTES, POISON, running->shared_bytes + 2 * GUARD_BYTES);
}

void check_guards() {
    const Running &r = *running;
    const unsigned char *before = r.shared - GUARD_BYTES, *after = r.shared + r.shared_bytes;
    for (size_t i = 0; i < GUARD_BYTES; i++) {
        if (before[i] != POISON || after[i] != POISON) {
            report(place() + ": writes outside of its " + std::to_string(r.shared_bytes) + " bytes of shared memory");
            return;
        }
    }
}

void check_global(const void *address, size_t bytes, size_t alignment, bool write) {
    const auto at = reinterpret_cast<uintptr_t>(address);
    if ((at & (alignment - 1)) != 0) {
        fail("misaligned: " + std::to_string(bytes) + " bytes at " + describe(address) + ", no multiple of " +
             std::to_string(alignment));
    }
    if (!is_allocated(address, bytes)) {
        fail(std::string(write ? "writes " : "reads ") + std::to_string(bytes) + " bytes outside of any allocation, at " +
             describe(address));
    }
    (write ? running->counters.written : running->counters.read) += bytes;
    if (!write && counts_sectors()) {
        for (uintptr_t sector = at / SECTOR; sector <= (at + bytes - 1) / SECTOR; sector++) {
            running->sectors.push_back(sector);
        }
    }
    yield_by_chance();
}

void check_shared(const void *address, size_t bytes, size_t alignment) {
    const auto at = reinterpret_cast<uintptr_t>(address), first = reinterpret_cast<uintptr_t>(running->shared);
    if ((at & (alignment - 1)) != 0 || at < first || at + bytes > first + running->shared_bytes) {
        fail("access to shared memory outside of what was asked for, or misaligned");
    }
}

void count_flops(unsigned long flops) {
    running->counters.flops += flops;
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

} // namespace emulator
