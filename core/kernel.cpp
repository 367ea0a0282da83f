// The engine for one instruction set: compiled once for each, with -DGLASSNET_ISA=name and the flags of that set.
#include "frame.hpp"
#include "memory.hpp"
#include "random.hpp"
#include "trace.hpp"

namespace glassnet {
#define NAME_OF(isa) #isa
#define NAME(isa) NAME_OF(isa)
#define ENGINE_OF(isa) engine_##isa
#define ENGINE(isa) ENGINE_OF(isa)

namespace isa = GLASSNET_ISA;
extern const Engine ENGINE(GLASSNET_ISA);
const Engine ENGINE(GLASSNET_ISA) = {
    NAME(GLASSNET_ISA),
    isa::REGISTER,
    isa::shuffled,
    isa::initial_weights,
    isa::learning_rate,
    isa::arrange_forward,
    isa::arrange_job,
    isa::room,
    isa::choose_bands,
    isa::pack,
    isa::distort_room,
    isa::distort_bytes,
    isa::frame_room,
    isa::frame,
    isa::to_panels<float>,
    isa::from_panels,
    isa::forward_packed,
    isa::forward_bytes,
    isa::forward_numbers<float>,
    isa::forward_one,
    isa::all_finite,
    isa::losses,
    isa::sum_panels,
    isa::examine,
    isa::improve,
    {isa::steps_count<float>, isa::steps_bytes<float>, isa::steps<float>},
    {isa::steps_count<double>, isa::steps_bytes<double>, isa::steps<double>},
};
}  // namespace glassnet
