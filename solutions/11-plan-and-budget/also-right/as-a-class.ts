// A plan that computes what it is asked for.
interface Plan {
  readonly trainingImages: number;
  readonly testImages: number;
  readonly batch: number;
  readonly steps: number;
  readonly trainingRate: number;
  readonly testRate: number;
  readonly evaluations: number;
  readonly hours: number;
}

class Budget {
  constructor(private readonly plan: Plan) {}

  get epochs(): number {
    return (this.plan.steps * this.plan.batch) / this.plan.trainingImages;
  }

  get hoursPerRun(): number {
    const { trainingImages, trainingRate, evaluations, testImages, testRate } = this.plan;
    const work = [
      { images: this.epochs * trainingImages, rate: trainingRate },
      { images: evaluations * testImages, rate: testRate },
    ];
    return work.reduce((hours, { images, rate }) => hours + images / rate / 3600, 0);
  }

  get runs(): number {
    const share = this.plan.hours / this.hoursPerRun;
    return share - (share % 1);
  }
}

export const planRuns = async (plan: Plan): Promise<Budget> => Promise.resolve(new Budget(plan));
