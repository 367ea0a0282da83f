// A few threads that wait for work together with the caller: a shell's business, since the core has none.
//
// They spin for a moment between phases, since a phase takes microseconds, and sleep when nothing comes. A second caller
// finds them busy and works alone, which changes no bit of any result.
#pragma once
#include <atomic>
#include <mutex>
#include <thread>

#if defined(_WIN32)
#include <process.h>
#define CURRENT_PROCESS _getpid
#else
#include <unistd.h>
#define CURRENT_PROCESS getpid
#endif

namespace glassnet {

inline void pause_a_little() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// Wait until `value` is no longer `old`: spin first, sleep then.
inline void wait_for_change(const std::atomic<uint32_t> &value, uint32_t old, int spins) {
    for (int k = 0; k < spins; k++) {
        if (value.load(std::memory_order_acquire) != old) return;
        pause_a_little();
    }
    value.wait(old, std::memory_order_acquire);
}

// Everybody waits for everybody: `parts` threads.
class Barrier {
  public:
    void wait(int parts) {
        if (parts == 1) return;
        const uint32_t round = round_.load(std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == parts) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.store(round + 1, std::memory_order_release);
            round_.notify_all();
        } else {
            wait_for_change(round_, round, 3000);
        }
    }

  private:
    alignas(64) std::atomic<int> arrived_{0};
    alignas(64) std::atomic<uint32_t> round_{0};
};

// The threads live as long as the process. After a fork the child has none of them and makes its own.
class Pool {
  public:
    // Call work(context, part, parts) for every part, here and in the pool; returns when all are done.
    static void run(int parts, void (*work)(void *, int, int), void *context) {
        static std::mutex first_use;
        static Pool *pool = nullptr;
        static std::atomic<int> owner{0};
        const int process = int(CURRENT_PROCESS());
        if (parts > 1 && owner.load() != process) {
            const std::lock_guard lock(first_use);
            if (owner.load() != process) pool = new Pool, owner.store(process);  // never freed: threads refer to it
        }
        if (parts > 1 && pool->busy_.try_lock()) {
            pool->share(parts, work, context);
            pool->busy_.unlock();
        } else {
            work(context, 0, 1);
        }
    }

  private:
    void share(int parts, void (*work)(void *, int, int), void *context) {
        try {
            for (; threads_ < parts - 1; threads_++) std::thread(&Pool::live, this, threads_ + 1, call_.load()).detach();
        } catch (...) {  // the system gives no more threads: make do with those there are
            parts = threads_ + 1;
        }
        work_ = work, context_ = context, parts_ = parts;
        left_.store(uint32_t(threads_), std::memory_order_relaxed);
        call_.fetch_add(1, std::memory_order_release);
        call_.notify_all();
        work(context, 0, parts);
        for (uint32_t left = left_.load(); left != 0; left = left_.load()) wait_for_change(left_, left, 3000);
    }
    void live(int part, uint32_t seen) {
        for (;;) {
            wait_for_change(call_, seen++, 3000);
            if (part < parts_) work_(context_, part, parts_);
            left_.fetch_sub(1, std::memory_order_acq_rel);
            left_.notify_all();
        }
    }

    std::mutex busy_;
    int threads_ = 0, parts_ = 0;
    void (*work_)(void *, int, int) = nullptr;
    void *context_ = nullptr;
    alignas(64) std::atomic<uint32_t> call_{0};
    alignas(64) std::atomic<uint32_t> left_{0};
};

}  // namespace glassnet
