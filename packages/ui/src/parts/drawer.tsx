import { useEffect, useRef, type ReactNode } from 'react';
import './drawer.css';

export interface DrawerProps {
  readonly side: 'left' | 'right';
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What stands beside the conversation on a wide screen, over it on a narrow one. Keeps the focus until it is closed. */
export function Drawer({ side, label, onClose, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="drawer"
      data-side={side}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        // The dialog itself is hit only outside of what it holds: on its backdrop.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="drawer__body">{children}</div>
    </dialog>
  );
}
