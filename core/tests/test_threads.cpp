// The shells' threads, to be run under the thread sanitizer: many short calls from several callers at once, with a
// barrier between their phases, give what one thread would give.
#include "../threads.hpp"

#include <cstdio>
#include <vector>

using namespace glassnet;

struct Work {
    std::vector<int> numbers = std::vector<int>(64);
    Barrier barrier;
    int rounds = 0;
};

// Phase one writes a part's own numbers, phase two reads everybody's: wrong, and a race, without the barrier between.
static void act(void *context, int part, int parts) {
    Work *work = static_cast<Work *>(context);
    const int size = int(work->numbers.size());
    for (int round = 0; round < 20; round++) {
        for (int k = size * part / parts; k < size * (part + 1) / parts; k++) work->numbers[size_t(k)] += k;
        work->barrier.wait(parts);
        int sum = 0;
        for (int number : work->numbers) sum += number;
        if (part == 0 && sum == (round + 1) * size * (size - 1) / 2) work->rounds++;
        work->barrier.wait(parts);
    }
}

int main() {
    int failed = 0;
    const auto calls = [&failed] {
        for (int call = 0; call < 100; call++) {
            Work work;
            Pool::run(1 + call % 5, act, &work);
            if (work.rounds != 20) __atomic_fetch_add(&failed, 1, __ATOMIC_RELAXED);
        }
    };
    std::thread one(calls), two(calls);
    calls();
    one.join(), two.join();
    std::printf("300 calls, %d failed\n", failed);
    return failed != 0;
}
