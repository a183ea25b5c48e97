"""Cross-entropy over many items without keeping the scores.

Each chunk of rows is scored, turned into gradients at once and forgotten. Memory: CHUNK × items instead of three times
rows × items, and a chunk stays in the processor's cache.
"""

from typing import Any

import torch
from torch import Tensor

CHUNK = 256


class _Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, queries: Tensor, vectors: Tensor, targets: Tensor, bias: Tensor, low: bool) -> Tensor:
        kind = torch.bfloat16 if low else queries.dtype
        query, vector = queries.detach().to(kind), vectors.detach().to(kind)
        loss = torch.zeros((), dtype=queries.dtype, device=queries.device)
        of_queries, of_vectors = torch.empty_like(queries), torch.zeros_like(vectors)
        for begin in range(0, len(query), CHUNK):
            part = slice(begin, begin + CHUNK)
            asked = targets[part, None]
            scores = (query[part] @ vector.T).to(queries.dtype)
            wanted = scores.gather(1, asked)
            scores += bias
            scores.scatter_(1, asked, wanted)  # what was asked for is certain to be there: it is not corrected
            top = scores.amax(dim=1, keepdim=True)
            chance = scores.sub_(top).exp_()
            total = chance.sum(dim=1, keepdim=True)
            loss += (total.log() + top - wanted).sum()
            chance /= total
            chance.scatter_add_(1, asked, torch.full_like(wanted, -1.0))
            shares = chance.to(kind)
            of_queries[part] = shares @ vector
            of_vectors += shares.T @ query[part]
        ctx.save_for_backward(of_queries / len(query), of_vectors / len(query))
        return loss / len(query)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        of_queries, of_vectors = ctx.saved_tensors
        return grad * of_queries, grad * of_vectors, None, None, None


def softmax_loss(
    queries: Tensor, vectors: Tensor, targets: Tensor, bias: Tensor | None = None, *, low: bool = False
) -> Tensor:
    """Mean over rows of −ln softmax(queries @ vectors.T + bias)[target].

    queries: (rows, width); vectors: (items, width); targets: (rows,) index of an item; bias: (items,) added to every
    item's score but the target's own, −inf leaves an item out; `low`: products in bfloat16, sums in full precision.
    """
    bias = torch.zeros(len(vectors), dtype=queries.dtype, device=queries.device) if bias is None else bias
    loss: Tensor = _Softmax.apply(queries, vectors, targets, bias.to(queries.dtype), low)  # type: ignore[no-untyped-call]
    return loss


def sampled(candidates: Tensor, targets: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Items for a softmax over `count` drawn candidates that estimates the one over all of them.

    candidates: (all,) sorted; targets: (rows,) among them. Returns the items (drawn ones and targets, sorted), the
    targets renumbered among them, and the bias: a drawn item stands for all / drawn of its like, and a row's target is
    no rival of another row unless it was drawn.
    """
    drawn = candidates[torch.randint(len(candidates), (count,), device=targets.device)]
    drawn = torch.unique(drawn)
    items: Tensor = torch.unique(torch.cat([drawn, targets]))
    bias = torch.full((len(items),), -torch.inf, device=targets.device)
    bias[torch.searchsorted(items, drawn)] = float(torch.log(torch.tensor(len(candidates) / len(drawn))))
    return items, torch.searchsorted(items, targets), bias
