// A link to a heading of another notebook leads there, also where the notebook is only being opened: JupyterLab itself looks for the
// heading before any cell stands on the page, and finds none.

const command = "rendermime:handle-local-link";
/** Milliseconds after which a heading counts as not there, and between two looks. */
const patience = 20_000;
const pause = 200;

/** Scrolls a notebook to a heading, once the cell that holds it is drawn. */
async function leadTo(panel, heading) {
  const end = Date.now() + patience;
  await panel.context.ready;
  await panel.revealed;
  const { content } = panel;
  while (Date.now() < end && !panel.isDisposed) {
    await content.setFragment(`#heading=${heading}`);
    const [found] = [...content.node.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(
      (one) => (one.id || one.dataset.jupyterId) === heading,
    );
    if (found && found.getBoundingClientRect().top < window.innerHeight) return;
    await new Promise((done) => setTimeout(done, pause));
  }
}

export default {
  id: "residual-lab:links",
  autoStart: true,
  activate({ commands, shell }) {
    commands.commandExecuted.connect((_, { id, args, result }) => {
      if (id !== command || !args.id) return;
      void result.then(() => {
        const panel = shell.currentWidget;
        if (panel?.context?.path === args.path && panel.content?.widgets !== undefined)
          return leadTo(panel, decodeURIComponent(args.id.replace(/^#(heading=)?/, "")));
        return undefined;
      });
    });
  },
};
