#include "cores.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace emulator {

namespace {

// Never deleted: its threads wait until the process ends.
struct Cores {
    std::mutex launching; // one at a time
    std::mutex mutex;
    std::condition_variable begun, ended;
    const std::function<void()> *work = nullptr;
    unsigned threads = 0, wanted = 0, busy = 0; // wanted: threads that have yet to begin

    void serve() {
        std::unique_lock<std::mutex> lock(mutex);
        for (;;) {
            begun.wait(lock, [this] { return wanted > 0; });
            wanted--;
            lock.unlock();
            (*work)();
            lock.lock();
            if (--busy == 0) {
                ended.notify_one();
            }
        }
    }

    void run(unsigned others, const std::function<void()> &launched) {
        std::lock_guard<std::mutex> alone(launching);
        {
            std::lock_guard<std::mutex> lock(mutex);
            for (; threads < others; threads++) {
                std::thread([this] { serve(); }).detach();
            }
            work = &launched;
            wanted = busy = others;
        }
        begun.notify_all();
        launched();
        std::unique_lock<std::mutex> lock(mutex);
        ended.wait(lock, [this] { return busy == 0; });
    }
};

Cores &cores = *new Cores;

} // namespace

void run_on_cores(unsigned count, const std::function<void()> &work) {
    const unsigned all = std::max(1u, std::thread::hardware_concurrency());
    cores.run(std::min(count, all) - 1, work);
}

} // namespace emulator
