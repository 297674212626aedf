// `npm run exercises`: carries out its command and says what a person must put right.
import { UserError } from "../notebooks/user-error";
import { exercises } from "./command";

exercises(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 2;
  },
);
