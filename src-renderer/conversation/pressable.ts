// Inline text that acts like a button: a real one would not wrap with its line.

export function pressable(run: () => void): Pick<React.HTMLAttributes<HTMLElement>, 'onClick' | 'onKeyDown'> {
  return {
    onClick: run,
    onKeyDown: (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      run();
    },
  };
}
