"""Graphics cards by their makers' figures: what they compute a second at best, what they hold, how fast weights reach them.

Dense tensor rates, sums kept in float32 (float32 halves the rate of GeForce cards), integers in int32. Sources: appendices of
NVIDIA's architecture papers "Ampere GA102", "Ada" and "RTX Blackwell" for GeForce and RTX cards; data sheets of A100, H100,
L40S and RTX PRO 6000. Transfer is PCIe's rate less its overhead: 25 GB/s for 4.0 x16, 50 for 5.0 x16.
"""

from __future__ import annotations

from dataclasses import dataclass

SHARE_OF_PEAK = 0.45
"""Share of its best rate that a card is taken to reach. A bound to plan with; nothing here was timed."""

_PCIE_4, _PCIE_4_HALF, _PCIE_5 = 25.0, 12.5, 50.0


@dataclass(frozen=True)
class Card:
    """One card.

    Attributes:
        name: As people and drivers call it, without its maker.
        bf16_tflops: 10^12 operations a second with bfloat16.
        fp8_tflops: With eight-bit floats; 0 if it has none.
        int8_tflops: With eight-bit integers.
        fp4_tflops: With four-bit floats; 0 if it has none.
        memory_gib: Its memory.
        transfer_gb_s: 10^9 bytes a second from the machine's memory.
    """

    name: str
    bf16_tflops: float
    fp8_tflops: float
    int8_tflops: float
    fp4_tflops: float
    memory_gib: float
    transfer_gb_s: float

    @property
    def memory_bytes(self) -> int:
        """Its memory in bytes."""
        return int(self.memory_gib * 2**30)


CARDS = (
    Card("RTX 3060", 25.5, 0, 102, 0, 12, _PCIE_4),
    Card("RTX 3070", 40.6, 0, 163, 0, 8, _PCIE_4),
    Card("RTX 3080", 59.5, 0, 238, 0, 10, _PCIE_4),
    Card("RTX 3090", 71.2, 0, 285, 0, 24, _PCIE_4),
    Card("RTX 4060 Ti", 44.1, 88.3, 177, 0, 16, _PCIE_4_HALF),
    Card("RTX 4070", 58.3, 116.6, 233, 0, 12, _PCIE_4),
    Card("RTX 4080", 97.5, 194.9, 390, 0, 16, _PCIE_4),
    Card("RTX 4090", 165.2, 330.3, 660.6, 0, 24, _PCIE_4),
    Card("RTX 5070 Ti", 87.9, 175.8, 351.5, 703, 16, _PCIE_5),
    Card("RTX 5080", 112.6, 225.1, 450.2, 900.4, 16, _PCIE_5),
    Card("RTX 5090", 209.5, 419, 838, 1676, 32, _PCIE_5),
    Card("RTX 6000 Ada", 364.2, 728.5, 728.5, 0, 48, _PCIE_4),
    Card("RTX PRO 6000 Blackwell", 503.8, 1007.6, 1007.6, 2015.2, 96, _PCIE_5),
    Card("L40S", 362, 733, 733, 0, 48, _PCIE_4),
    Card("A100", 312, 0, 624, 0, 80, _PCIE_4),
    Card("H100", 989.4, 1978.9, 1978.9, 0, 80, _PCIE_5),
)


_PLAIN_WORDS = frozenset(
    {"nvidia", "geforce", "generation", "gpu", "pcie", "sxm4", "sxm5", "hbm3", "workstation", "edition", "rtx"}
)


def card_named(name: str) -> Card | None:
    """The card that a driver or a person means, "NVIDIA GeForce RTX 4090" or "4090"; None if it is not in the table.

    No other word may be in it: "RTX 4070 Ti" is no "RTX 4070", and neither is the card of that name in a laptop.
    """
    wanted = _telling(name)
    return next((card for card in CARDS if _telling(card.name) == wanted), None)


def _telling(name: str) -> str:
    words = name.replace("-", " ").lower().split()
    return "".join(word for word in words if word not in _PLAIN_WORDS and not word.endswith("gb"))
