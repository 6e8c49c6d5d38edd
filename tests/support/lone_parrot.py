"""The parrot, one for each question."""

from humanpose.server.answering import answer_questions
from tests.support.parrot import answer

if __name__ == "__main__":
    answer_questions(answer, cpu_s=2.0, apart=True)
