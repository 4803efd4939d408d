#!/usr/bin/env python3
"""One training step of a visual-semantic embedding in PyTorch: the peer of `vse benchmark train-step`.

The work: gather word vectors, run a GRU over them, take the last state to unit length, project the images,
sum the hinges over all pairs of the minibatch, go backward, clip the joint gradient norm at 2, update every
parameter with Adam. All parameters are float32; bfloat16 means bfloat16 products.

Configurations (`--configuration`):
  module    torch.nn.GRU, as most PyTorch code has it; in bfloat16 under autocast
  compiled  the same under torch.compile (needs a C++ compiler)
  derived   the GRU and its derivative written out, so that one product makes each weight gradient for all
            time steps; in bfloat16 the weights are rounded once a step

With --epoch a call is an epoch of Flickr8k: 258 steps with the lengths and word frequencies of its captions.

Prints one line of JSON.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from measuring import LENGTHS, described_parser, draw_words, measure, report

BATCH, TIME, VOCABULARY = 128, 12, 8500
WORD_DIM, DIM, IMAGE_DIM = 300, 1024, 4096
CONFIGURATIONS = ("module", "compiled", "derived")
EPOCH_STEPS = 258
MARGIN, CLIP, LEARNING_RATE = 0.2, 2.0, 0.0002


class ModuleEncoder(nn.Module):
    """A sentence encoder over torch.nn.GRU."""

    def __init__(self, precision: torch.dtype) -> None:
        super().__init__()
        self.precision = precision
        self.words = nn.Embedding(VOCABULARY, WORD_DIM)
        self.recurrent = nn.GRU(WORD_DIM, DIM)

    def forward(self, tokens: Tensor) -> Tensor:
        with torch.autocast("cpu", self.precision, enabled=self.precision != torch.float32):
            _, state = self.recurrent(self.words(tokens))
        return nn.functional.normalize(state[0].float(), dim=1)


class DerivedRecurrence(torch.autograd.Function):
    """The last state of a GRU with its derivative by hand, on torch.nn.GRU's weights (gates r, u, candidate).

    Autograd would make the weight gradients of each time step and add them up; here one product makes them
    for all steps. Products run in the weights' precision, states and gates are float32.
    """

    @staticmethod
    def forward(ctx, words, input_weights, state_weights, input_bias, state_bias):
        time, batch, _ = words.shape
        dim = state_weights.shape[1]
        from_words = torch.addmm(input_bias, words.flatten(0, 1), input_weights.t())
        from_words = from_words.unflatten(0, (time, batch))
        state = torch.zeros(batch, dim)
        states = torch.empty(time, batch, dim, dtype=words.dtype)
        ctx.steps = []
        for t in range(time):
            states[t] = state
            from_state = torch.addmm(state_bias, states[t], state_weights.t())
            gates = torch.sigmoid_((from_words[t, :, : 2 * dim] + from_state[:, : 2 * dim]).float())
            reset, update = gates.chunk(2, dim=1)
            inner = from_state[:, 2 * dim :].float()
            candidate = torch.tanh_(torch.addcmul(from_words[t, :, 2 * dim :].float(), reset, inner))
            ctx.steps.append((reset, update, candidate, inner, state))
            state = torch.lerp(candidate, state, update)
        ctx.save_for_backward(words, input_weights, state_weights, states)
        return state

    @staticmethod
    def backward(ctx, state_gradient):
        words, input_weights, state_weights, states = ctx.saved_tensors
        time, batch, dim = states.shape
        to_words = torch.empty(time, batch, 3 * dim, dtype=words.dtype)
        to_state = torch.empty_like(to_words)
        for t in reversed(range(time)):
            reset, update, candidate, inner, state = ctx.steps[t]
            candidate_gradient = state_gradient * (1 - update) * (1 - candidate * candidate)
            to_words[t, :, :dim] = candidate_gradient * inner * reset * (1 - reset)
            to_words[t, :, dim : 2 * dim] = state_gradient * (state - candidate) * update * (1 - update)
            to_words[t, :, 2 * dim :] = candidate_gradient
            to_state[t, :, : 2 * dim] = to_words[t, :, : 2 * dim]
            to_state[t, :, 2 * dim :] = candidate_gradient * reset
            if t > 0:
                state_gradient = state_gradient * update + to_state[t] @ state_weights
        to_words, to_state = to_words.flatten(0, 1), to_state.flatten(0, 1)
        return (
            (to_words @ input_weights).unflatten(0, (time, batch)),
            to_words.t() @ words.flatten(0, 1),
            to_state.t() @ states.flatten(0, 1),
            to_words.sum(0, dtype=torch.float32).to(words.dtype),
            to_state.sum(0, dtype=torch.float32).to(words.dtype),
        )


class DerivedEncoder(ModuleEncoder):
    """The same encoder and the same parameters over `DerivedRecurrence`."""

    def forward(self, tokens: Tensor) -> Tensor:
        layer = self.recurrent
        weights = (layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)
        words = self.words(tokens).to(self.precision)
        state = DerivedRecurrence.apply(words, *(weight.to(self.precision) for weight in weights))
        return nn.functional.normalize(state, dim=1)


class Embedding(nn.Module):
    """Sentence encoder, image projection and the sum of hinges over their scores."""

    def __init__(self, encoder: ModuleEncoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.projection = nn.Linear(IMAGE_DIM, DIM)
        self.register_buffer("same", torch.eye(BATCH, dtype=torch.bool))

    def forward(self, images: Tensor, tokens: Tensor) -> Tensor:
        precision = self.encoder.precision
        weight, bias = self.projection.weight.to(precision), self.projection.bias.to(precision)
        projected = nn.functional.linear(images.to(precision), weight, bias).float()
        scores = projected @ self.encoder(tokens).t()
        matching = scores.diagonal()
        other_sentences = (MARGIN - matching[:, None] + scores).clamp(min=0)
        other_images = (MARGIN - matching[None, :] + scores).clamp(min=0)
        return (other_sentences + other_images).masked_fill(self.same, 0).sum()


def training_step(configuration: str, precision: torch.dtype, zipf: bool) -> Callable[..., None]:
    """A closure that does one update on a fresh minibatch of captions of so many tokens."""
    torch.manual_seed(1)
    encoder = DerivedEncoder if configuration == "derived" else ModuleEncoder
    model = Embedding(encoder(precision))
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
    cost_of = torch.compile(model) if configuration == "compiled" else model
    images = nn.functional.normalize(torch.randn(BATCH, IMAGE_DIM), dim=1)

    def step(time: int = TIME) -> None:
        tokens = draw_words((time, BATCH), VOCABULARY, zipf)
        optimizer.zero_grad()
        cost = cost_of(images, tokens)
        cost.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        if not torch.isfinite(cost):
            raise ArithmeticError("the cost is not finite")

    return step


def main() -> None:
    parser = described_parser(__doc__)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--configuration", choices=CONFIGURATIONS, default="module")
    parser.add_argument("--tokens", choices=["uniform", "zipf"], default="uniform")
    parser.add_argument("--epoch", action="store_true", help="258 steps a call")
    parser.add_argument("--steps", type=int, help="calls to measure (default: 20, or one epoch)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    precision, zipf = getattr(torch, options.precision), options.epoch or options.tokens == "zipf"
    step = training_step(options.configuration, precision, zipf)
    if options.epoch:
        for time in set(LENGTHS):
            step(time)
        lengths = [LENGTHS[number % len(LENGTHS)] for number in range(EPOCH_STEPS)]
        times = measure(lambda: [step(time) for time in lengths], warmups=0, steps=options.steps or 1)
    else:
        times = measure(step, warmups=3, steps=options.steps or 20)
    name, items = ("epoch", BATCH * EPOCH_STEPS) if options.epoch else ("train-step", BATCH)
    report(f"{name} {options.configuration}", times, items, options.precision, options.threads)


if __name__ == "__main__":
    main()
