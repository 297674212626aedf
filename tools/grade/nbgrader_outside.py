"""Has the course's own grader judge a notebook for nbgrader, behind its sandbox: no cell of a learner's runs in here or beside the gradebook."""
import json
import os
import subprocess
import tempfile

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import List, Unicode


class JudgedOutside(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute, and writes each verdict where SaveAutoGrades looks for it: into the outputs of its grade cell."""

    command = List(Unicode(), help="The course's grader, with its folders and the secret.").tag(config=True)
    folder = Unicode(help="Where the command runs.").tag(config=True)
    options = List(Unicode(), help='More of its options, such as ["--sandbox", "podman"].').tag(config=True)

    def preprocess(self, nb, resources):
        with tempfile.TemporaryDirectory(prefix="residual-nbgrader-") as scratch:
            verdicts = self._verdicts(nb, resources["nbgrader"], scratch)
        for cell in nb.cells:
            if not is_grade(cell) or is_solution(cell):
                continue
            identity = cell.metadata.nbgrader.grade_id
            if identity not in verdicts:
                raise RuntimeError(f"the course's grader says nothing of the cell {identity}")
            cell.outputs = [] if verdicts[identity] is None else [self._error(verdicts[identity])]
        return nb, resources

    def _verdicts(self, nb, names, scratch):
        """What is wrong with each property, by its grade cell's id; None where nothing is."""
        path = os.path.join(scratch, names["assignment"], f"{names['notebook']}.ipynb")
        out = os.path.join(scratch, "grades")
        os.mkdir(os.path.dirname(path))
        # The grade cells are the instructor's, and the grader knows them as none of the learner's.
        cells = [cell for cell in nb.cells if not is_grade(cell) or is_solution(cell)]
        nbformat.write(nbformat.from_dict({**nb, "cells": cells}), path)
        # In one word each: a student may be called --out.
        chosen = [f"--exercise={names['notebook']}", f"--learner={names['student']}", f"--out={out}"]
        done = subprocess.run(
            [*self.command, *self.options, *chosen, "--", path],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        # What could not be judged is no learner's fault: nbgrader then keeps no score, and says that this notebook failed.
        if done.returncode != 0:
            raise RuntimeError(f"the course's grader ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        records = os.path.join(out, "records")
        (record,) = os.listdir(records)
        with open(os.path.join(records, record), encoding="utf8") as file:
            (exercise,) = json.load(file)["exercises"]
        return {
            f"{question['id']}-{each['id']}": None if each["points"] == each["outOf"] else each["message"]
            for question in exercise["questions"]
            for each in question["properties"]
        }

    @staticmethod
    def _error(message):
        return nbformat.v4.new_output("error", ename="Error", evalue=message, traceback=[message])
