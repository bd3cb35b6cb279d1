"""What random scenarios have reached: a generator that breaks nothing, or leaves a step out, proves nothing."""

import collections

# Of a thousand scenarios.
VIOLATING_MIN = 300
INVARIANT_MIN = 10
OCCURRENCE_MIN = 50


class Tally:
    def __init__(self, vocabulary):
        self.vocabulary = vocabulary
        self.scenarios = self.violating = 0
        self.steps, self.models, self.invariants = (collections.Counter() for _ in range(3))

    def add(self, scenario, report):
        self.scenarios += 1
        violations = report["violations"]
        self.violating += bool(violations)
        self.invariants.update({violation["invariant"] for violation in violations})
        self.models.update(name for name, count in (report["exploration"] or {}).get("faults_fired", {}).items() if count)
        self._add_steps(scenario["steps"])

    def _add_steps(self, steps):
        for step in steps:
            self.steps.update(key for key in step if key in self.vocabulary.steps)
            self._add_steps(step.get("repeat", {}).get("steps", []))

    def rows(self):
        """(what, how often, how often at least for this many scenarios)"""
        def least(of_a_thousand):
            return of_a_thousand * self.scenarios // 1000

        yield "scenarios that violate something", self.violating, least(VIOLATING_MIN)
        for name in self.vocabulary.invariants:
            yield "invariant " + name, self.invariants[name], least(INVARIANT_MIN)
        for name in self.vocabulary.steps:
            yield "step " + name, self.steps[name], least(OCCURRENCE_MIN)
        for name in self.vocabulary.fault_models:
            yield "fault model " + name, self.models[name], least(OCCURRENCE_MIN)

    def short(self):
        return [row for row in self.rows() if row[1] < row[2]]
