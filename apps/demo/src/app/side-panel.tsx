import type { ReactNode } from 'react';
import { Drawer, type DrawerProps, Icon, IconButton } from '@ws/ui';

export interface SidePanelProps extends Pick<DrawerProps, 'side' | 'label' | 'onClose'> {
  /** There is room for it beside the conversation. */
  readonly fits: boolean;
  /** Where there is none: whether it is shown over it. */
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** Beside the conversation where it fits, else a drawer. */
export function SidePanel({ side, label, fits, isOpen, onClose, children }: SidePanelProps) {
  if (fits) {
    return (
      <div className="side-panel" data-side={side}>
        {children}
      </div>
    );
  }
  if (!isOpen) return null;
  return (
    <Drawer side={side} label={label} onClose={onClose}>
      <div className="side-panel__bar">
        <h2>{label}</h2>
        <IconButton label="Close" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </div>
      {children}
    </Drawer>
  );
}
