// Where a warp's lanes, or a block's threads, wait for each other.
#include "running.h"

#include <map>

namespace emulator {

namespace {

constexpr const char *BLOCK = "sync_block";

void release_warp(Warp &warp) {
    warp.next_exchange().absent = warp.absent;
    warp.arrived = 0;
    warp.generation++;
    const size_t first = (&warp - running->warps.data()) * 32, end = std::min(first + 32, running->fibers.size());
    for (size_t i = first; i < end; i++) {
        if (running->fibers[i].waits_for == warp.meeting) {
            wake(running->fibers[i]);
        }
    }
}

void release_block() {
    running->arrived = 0;
    for (Fiber &fiber : running->fibers) {
        if (fiber.waits_for == BLOCK) {
            wake(fiber);
        }
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
    if (++running->arrived < running->live) {
        wait_for(BLOCK);
        return;
    }
    release_block();
    yield_by_chance();
}

void leave(Fiber &fiber) {
    Running &r = *running;
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

void report_deadlock() {
    std::map<std::string, unsigned> waiting;
    for (const Fiber &fiber : running->fibers) {
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

} // namespace emulator
