#!/usr/bin/env python3
"""Sentence vectors from a GRU in PyTorch: the peer of `vse benchmark embed-sentences`, with --single of `sentence`.

One pass encodes 2,560 captions in 20 batches of 128 captions of equal length: word vectors, GRU, last state
to unit length. The lengths are the 20 quantiles at 2.5 %, 7.5 % ... 97.5 % of Flickr8k's captions, the final
end of sentence counted, so every pass and every program has the same work. Times are those of a whole pass.
With --single a pass encodes one sentence of 12 tokens.

Prints one line of JSON.
"""

import torch
from torch import Tensor, nn

from measuring import LENGTHS, described_parser, draw_words, measure, report

BATCH, VOCABULARY, WORD_DIM, DIM = 128, 8500, 300, 1024


class Encoder(nn.Module):
    """Tokens [T, B] to unit vectors [B, D], float32 whatever the weights' precision."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WORD_DIM)
        self.recurrent = nn.GRU(WORD_DIM, DIM)

    def forward(self, tokens: Tensor) -> Tensor:
        _, state = self.recurrent(self.words(tokens))
        return nn.functional.normalize(state[0].float(), dim=1)


def main() -> None:
    parser = described_parser(__doc__)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--tokens", choices=["uniform", "zipf"], default="uniform")
    parser.add_argument("--single", action="store_true", help="one sentence a pass")
    parser.add_argument("--steps", type=int, help="passes to measure (default: 5, or 200 of one sentence)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    # Inference needs no float32 master weights: rounding them once is the fastest bfloat16 PyTorch has.
    encoder = Encoder().eval().to(getattr(torch, options.precision))
    lengths, batch = ((12,), 1) if options.single else (LENGTHS, BATCH)
    batches = [draw_words((length, batch), VOCABULARY, options.tokens == "zipf") for length in lengths]

    def embed_all() -> list[Tensor]:
        return [encoder(tokens) for tokens in batches]

    with torch.inference_mode():
        times = measure(embed_all, warmups=10 if options.single else 1, steps=options.steps or (200 if options.single else 5))
    name = "sentence" if options.single else "embed-sentences"
    report(name, times, batch * len(lengths), options.precision, options.threads)


if __name__ == "__main__":
    main()
