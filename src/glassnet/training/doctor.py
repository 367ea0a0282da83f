"""What is wrong with a run, in plain words, with the evidence and what to change; changes no run, draws nothing.

It judges by what a run has recorded. Given the training data too, it tests its suspicion: it goes on for a few
updates from the last weights, with this rate and with another, and says what came of it (`trial.py`).

    level  the loss over that of the best network that answers every image alike: 1 has learned nothing, 0 all

The limits were set on some 250 runs with MNIST, plain, noisy and wrongly labeled: every activation and loss, three
optimizers, rates from 0.00001 to 30.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from glassnet.data import DataSet, DataSets
from glassnet.engine.numpy_training import matrices
from glassnet.errors import InputError
from glassnet.locale import N_, _
from glassnet.training.run import Run
from glassnet.training.score import Score
from glassnet.training.signs import (
    LIMITS,
    farthest_move,
    ignorant_loss,
    judged,
    largest_rise,
    neglected_digits,
    stuck_digits,
    swing,
    thirds,
)
from glassnet.training.trial import Trial, trial

KINDS = {
    "diverged": N_("The loss is no longer a number."),
    "saturated": N_("Output units are stuck at 0: some digits are never predicted."),
    "rate_too_large": N_("The learning rate is too large."),
    "rate_too_small": N_("The learning rate is too small."),
    "overfitting": N_("The network learns its training images by heart."),
}
"""Every kind of finding, the gravest first, and its title."""

LEARNED = LIMITS["learned"]  # the level below which no rate is called wrong: 92 % on MNIST
SLOW = LIMITS["slow"]  # the level from which a loss that still falls is called slow: 91 %
HARDLY_BEGUN = 100  # updates before which a rate is not judged by what has been learned
FAR = LIMITS["far"]  # no weight of a run that learned well moved so far


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a run: what (`title`), how one sees it (`evidence`), what to change (`remedy`).

    `kind` is one of the keys of `KINDS`; `update` is where it began, or None. Texts are in the language of the moment.
    """

    kind: str
    title: str
    evidence: str
    remedy: str
    update: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return every field by name."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.title} {self.evidence} {self.remedy}"


def diagnose(run: Run, data: DataSet | DataSets | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with `run`, the gravest first; nothing for a healthy one.

    `data`, the images it was trained on, lets the doctor test a suspicion about the rate on at most 10,000 of them.
    Raises `InputError` for other data.

    >>> import glassnet
    >>> some = glassnet.mnist().train[:2000]
    >>> recipe = glassnet.Recipe(10, 100, "momentum", learning_rate=50)
    >>> [finding.kind for finding in diagnose(glassnet.train(glassnet.Network(seed=0), some, recipe))]
    ['saturated']
    """
    images = data.train if isinstance(data, DataSets) else data
    if images is not None and images.sha256 != run.data_sha256:
        raise InputError(
            "data",
            expected=_("the images of the run, {hash}…").format(hash=run.data_sha256[:16]),
            found=f"{images.sha256[:16]}…",
        )
    for examine in (_diverged, _saturated, _rate, _saturated_for_a_while, _overfitting):
        finding = examine(run, images)
        if finding is not None:
            return (finding,)
    return ()


def _finding(kind: str, evidence: str, remedy: str, update: int | None = None) -> Finding:
    return Finding(kind, _(KINDS[kind]), evidence, remedy, update)


def _diverged(run: Run, _images: DataSet | None) -> Finding | None:
    if run.diverged is None:
        return None
    finite = run.history.loss[np.isfinite(run.history.loss)]
    evidence = _("It happened at update {update}.").format(update=f"{run.diverged:,}")
    if len(finite):
        evidence += " " + _("The loss was {first:.4g} at first and {last:.4g} just before.").format(
            first=float(finite[0]), last=float(finite[-1])
        )
    return _finding("diverged", evidence, _smaller_rate(run), run.diverged)


def _saturated(run: Run, _images: DataSet | None) -> Finding | None:
    """Outputs that are stuck at the end."""
    epochs = run.history.epochs
    stuck = stuck_digits(judged(epochs[-1])) if epochs else []
    if not stuck or (run.update < HARDLY_BEGUN and farthest_move(run) <= FAR):
        return None
    first = len(epochs) - 1
    while first and set(stuck) & set(stuck_digits(judged(epochs[first - 1]))):
        first -= 1
    score = judged(epochs[-1])
    digits = [digit for digit, shown in enumerate(score.images) if shown and not score.predicted[digit]]
    always = [digit for digit in digits if score.response[digit] > 1 - LIMITS["stuck"]]
    sentence = _(
        "Never predicted at the end, after epoch {epoch}: {digits}. Stuck at 0: {stuck}, with outputs of "
        "{response:.4f} on average on images of them."
    )
    evidence = sentence.format(
        epoch=epochs[-1].epoch,
        digits=", ".join(map(str, digits)),
        stuck=", ".join(map(str, stuck)),
        response=sum(score.response[digit] for digit in stuck) / len(stuck),
    )
    if always:
        evidence += " " + _("Others are stuck at 1, whatever the image shows: {digits}.").format(
            digits=", ".join(map(str, always))
        )
    return _finding("saturated", f"{evidence} {_why(run)}", _loosen(run), epochs[first].update)


def _saturated_for_a_while(run: Run, _images: DataSet | None) -> Finding | None:
    """Outputs that were stuck at a quarter of the evaluations; at the first alone, learning had hardly begun."""
    stuck = [(item, digits) for item in run.history.epochs if (digits := stuck_digits(judged(item)))]
    if len(stuck) < max(2, len(run.history.epochs) / 4):
        return None
    sentence = _("Never predicted up to epoch {epoch}: {digits}. The time until they came free was lost.")
    evidence = sentence.format(
        digits=", ".join(map(str, sorted({digit for _item, digits in stuck for digit in digits}))),
        epoch=stuck[-1][0].epoch,
    )
    title = _("Output units were stuck at 0 for a while.")
    return Finding("saturated", title, f"{evidence} {_why(run)}", _loosen(run), stuck[0][0].update)


def _why(run: Run) -> str:
    if run.architecture.output == "sigmoid":
        return _("A sigmoid that is nearly 0 has nearly no slope, and so it stops learning.")
    return _("The weights have grown so large that softmax gives hardly anything but 0 and 1.")


def _loosen(run: Run) -> str:
    remedies = [_smaller_rate(run)]
    output_weights = matrices(run.architecture, run.snapshots[0].weights)[-1]
    if run.architecture.output == "sigmoid" and output_weights[:, -1].mean() > -1:
        remedies.append(_("Let the output biases begin at −2, as those of Network(seed=…) do."))
    if run.architecture.loss == "squared_error":
        remedies.append(_("Or take the loss binary_cross_entropy, whose slope does not vanish there."))
    return " ".join(remedies)


def _rate(run: Run, images: DataSet | None) -> Finding | None:
    if not run.history.epochs or run.update < HARDLY_BEGUN:
        return None
    score = judged(run.history.epochs[-1])
    if sum(count > 0 for count in score.images) < 2:
        return None  # one class: there is nothing to tell apart
    level = run.history.epochs[-1].train.loss / ignorant_loss(run, score.images)
    if level <= LEARNED:
        return None
    result = trial(run, images) if images is not None else None
    finding = _too_large(run, score, level, result)
    return finding or _too_small(run, level, result)


def _too_large(run: Run, score: Score, level: float, result: Trial | None) -> Finding | None:
    evidence = []
    _first, middle, last = thirds(run)
    if last > 0.995 * middle and max(score.predicted) > 0.9 * sum(score.predicted):
        evidence.append(_("Nearly every image gets the same answer, and the loss no longer falls."))
    elif last > 0.995 * middle and level > 0.8:
        evidence.append(
            _("The loss no longer falls, and it is hardly below that of answering every image alike.")
        )
    means = run.history.mean_losses(run.recipe.updates_per_epoch(run.images))
    low, high = largest_rise(means)
    if len(means) > 2 and means[high] > 1.25 * means[low]:
        evidence.append(
            _(
                "The loss rose from {low:.4f} in epoch {low_epoch} to {high:.4f} in epoch {high_epoch}."
            ).format(low=means[low], low_epoch=low + 1, high=means[high], high_epoch=high + 1)
        )
    elif len(means) > 2 and swing(run) > 1.35:
        evidence.append(_("The loss of the last epoch swings in waves far beyond the chance of the batches."))
    neglected = neglected_digits(score)
    if neglected and run.update >= 1000:  # not merely the last to be learned
        evidence.append(
            _("Predicted less than half as often as shown, unlike the others: {digits}.").format(
                digits=", ".join(map(str, neglected))
            )
        )
    if farthest_move(run) > FAR:
        evidence.append(
            _("A weight has moved by {far:.1f}, where inputs lie between 0 and 1.").format(
                far=farthest_move(run)
            )
        )
    if result is not None and _slower_is_better(run, result):
        evidence.append(
            _(
                "Tried: {updates} more updates bring the loss from {before:.4f} to {same:.4f}, with a tenth of the "
                "rate to {slower:.4f}."
            ).format(**asdict(result))
        )
    return _finding("rate_too_large", " ".join(evidence), _smaller_rate(run)) if evidence else None


def _slower_is_better(run: Run, result: Trial) -> bool:
    """Whether the trial speaks against the rate; where the rate has fallen to 0, a slower one always does better."""
    if run.recipe.schedule == "cosine":
        return result.same > 1.25 * result.before
    return result.slower < result.same - 0.06 * result.before


def _too_small(run: Run, level: float, result: Trial | None) -> Finding | None:
    _first, middle, last = thirds(run)
    fell, moved = 1 - last / middle, farthest_move(run)
    long_enough = run.update >= 1000 and run.recipe.epochs >= 5  # every loss falls at first
    steadily = fell > 0.12 and moved < 4 and (long_enough or level > 0.5)
    hardly = fell > 0.005 and moved < 0.8 and level > 0.5
    if not run.finished or level <= SLOW or not (steadily or hardly):
        return None
    evidence = _(
        "The loss was still falling when training ended: {middle:.4f} on average in the middle third of the "
        "updates, {last:.4f} in the last."
    ).format(middle=middle, last=last)
    if result is not None:
        if result.faster > result.same:
            return None
        evidence += " " + _(
            "Tried: {updates} more updates bring it from {before:.4f} to {same:.4f}, with ten times the rate to "
            "{faster:.4f}."
        ).format(**asdict(result))
    factor = 10 if level < 0.6 else 100
    remedy = _("learning_rate {old:g} → {new:g}, or more epochs.").format(
        old=run.recipe.learning_rate, new=run.recipe.learning_rate * factor
    )
    return _finding("rate_too_small", evidence, remedy)


def _overfitting(run: Run, _images: DataSet | None) -> Finding | None:
    both = [(item, item.validation) for item in run.history.epochs if item.validation is not None]
    if not both:
        return None
    (item, score), (best, least) = both[-1], min(both, key=lambda pair: pair[1].loss)
    gap = item.train.accuracy - score.accuracy
    rose = score.loss > 1.15 * least.loss and item.train.loss < best.train.loss
    p, judged = score.accuracy, sum(score.images)
    chance = (
        2 * (max(p * (1 - p), 0.05) / judged) ** 0.5
    )  # twice the standard error of the validation accuracy
    if gap < 0.04 + chance and not (rose and gap > 0.015 + chance):
        return None
    evidence = _(
        "Accuracy is {train:.1f} % on training images and {validation:.1f} % on validation images."
    ).format(train=100 * item.train.accuracy, validation=100 * score.accuracy)
    if rose:
        evidence += " " + _(
            "The validation loss rises since epoch {epoch}, from {least:.4f} to {last:.4f}."
        ).format(epoch=best.epoch, least=least.loss, last=score.loss)
    remedies = [_("Use more images.")] if run.images < 50_000 else []
    if run.recipe.distortion is None:
        remedies.append(
            _(
                "Distort: distortion=Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7); in the terminal "
                "--distortion rotation=8,scale=0.08,shear=0.1,shift=0.7."
            )
        )
    if rose:
        remedies.append(
            _("Or stop earlier: epochs {old} → {new}.").format(old=run.recipe.epochs, new=best.epoch)
        )
    return _finding("overfitting", evidence, " ".join(remedies), best.update)


MOST_RATE = 3.0  # with which the lecture's network learns; far above, a tenth is as hopeless


def _smaller_rate(run: Run) -> str:
    old, optimizer = run.recipe.learning_rate, run.recipe.optimizer
    if optimizer == "adam":
        return _("learning_rate {old:g} → {new:g}.").format(old=old, new=min(old / 10, 0.005))
    new = min(old / 10, MOST_RATE)
    return _("learning_rate {old:g} → {new:g}, or optimizer adam with 0.005.").format(old=old, new=new)
