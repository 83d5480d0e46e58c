// Runs a kernel's blocks, in an order of the seed's, and keeps what came of it.
#include "cores.h"
#include "driver.h"
#include "running.h"

#include <atomic>
#include <map>
#include <mutex>

namespace emulator {

namespace {

constexpr unsigned long SECTOR = 32;

std::atomic<bool> sectors_counted{false};
std::mutex results;
std::map<std::string, Counters> counted;
std::string failure;
std::atomic<unsigned> launches{0};
std::atomic<unsigned> chosen_seed{1};

// As a card may fail in the middle of its work.
const unsigned launches_before_failure = getenv("EMULATOR_LAUNCHES") == nullptr ? ~0u : std::stoul(getenv("EMULATOR_LAUNCHES"));

void fail_launch(const std::string &what) {
    std::lock_guard<std::mutex> lock(results);
    if (failure.empty()) {
        failure = what;
        fprintf(stderr, "emulator: %s\n", failure.c_str());
    }
}

Index3 place_in(Index3 grid, unsigned number) {
    return {number % grid.x, number / grid.x % grid.y, number / (grid.x * grid.y)};
}

} // namespace

bool counts_sectors() {
    return sectors_counted.load(std::memory_order_relaxed);
}

std::string place() {
    const Running &r = *running;
    return std::string(r.kernel) + ", block (" + std::to_string(r.index.x) + ", " + std::to_string(r.index.y) + ", " +
           std::to_string(r.index.z) + ")";
}

void report(const std::string &what) {
    running->failed = true;
    fail_launch(what);
}

bool run(const Launch &launch) {
    if (launches >= launches_before_failure) {
        fail_launch(std::string(launch.kernel->name) + ": fails, as EMULATOR_LAUNCHES asks");
        return false;
    }
    const unsigned total = launch.blocks.x * launch.blocks.y * launch.blocks.z;
    std::vector<unsigned> order(total);
    for (unsigned i = 0; i < total; i++) {
        order[i] = i;
    }
    const unsigned seed = chosen_seed + 7919 * launches++;
    Chance chance;
    chance.seed(seed);
    chance.shuffle(order);
    std::atomic<unsigned> next{0};
    std::atomic<bool> failed{false};
    std::vector<uintptr_t> sectors;
    run_on_cores(total, [&] {
        prepare(launch);
        for (unsigned i; !failed && (i = next++) < total;) {
            running->chance.seed(seed + 104729 * order[i]); // whichever core it comes to
            run_block(place_in(launch.blocks, order[i]));
            if (running->failed) {
                failed = true;
            }
        }
        std::lock_guard<std::mutex> lock(results);
        counted[launch.kernel->name] += running->counters;
        sectors.insert(sectors.end(), running->sectors.begin(), running->sectors.end());
        running->sectors.clear();
    });
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

// ---- for the tests

EMULATOR(void) emulator_seed(unsigned seed) { // of the order from now on, as if nothing had run before
    emulator::seed_streams(seed);
    emulator::chosen_seed = seed;
    emulator::launches = 0;
}

// Whether distinct sectors are counted, which takes time.
EMULATOR(void) emulator_count_sectors(int whether) {
    emulator::sectors_counted = whether != 0;
}

EMULATOR(void) emulator_counters(const char *kernel, emulator::Counters *out) {
    emulator::finish_all();
    std::lock_guard<std::mutex> lock(emulator::results);
    *out = emulator::counted[kernel];
}

EMULATOR(const char *) emulator_failure() {
    emulator::finish_all();
    return emulator::failure.c_str();
}

// Forgets what was counted and what failed; the context is usable again.
EMULATOR(void) emulator_reset() {
    emulator::revive();
    std::lock_guard<std::mutex> lock(emulator::results);
    emulator::counted.clear();
    emulator::failure.clear();
}
